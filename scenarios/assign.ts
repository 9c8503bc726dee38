/**
 * Which partner an iteration of a push scenario belongs to: a deterministic interleave with exact counts, so that every partner pushes evenly
 * over its whole wave (a partner's k-th of c dossiers stands at (k + ½)/c of the way). In: partners with counts, in plan order.
 * Out: per iteration the partner's position and its running index k. Computed once per k6 process, never per virtual user.
 */
export type Assignment = { partner: number; running: number }

export function assignPartners(partners: readonly { count: number }[]): Assignment[] {
  const places: Assignment[] = []
  partners.forEach(({ count }, partner) => {
    for (let running = 0; running < count; running += 1) places.push({ partner, running })
  })
  const countOf = (place: Assignment) => partners[place.partner]!.count
  // Fractions compared crosswise in integers: no rounding, so the same order on every machine.
  return places.sort((a, b) => (2 * a.running + 1) * countOf(b) - (2 * b.running + 1) * countOf(a) || a.partner - b.partner)
}

/**
 * Which earlier dossier a status push reports on, and what it says. In halves: the first half of the pushes says `in-process`, the second half
 * `done` about the same dossiers, picked evenly. With `done` (the scenario's share of that name, 0 or 1) all say the same, in the order in which the
 * dossiers came, so that pushes can follow their dossiers closely. At most two pushes a dossier, so the plan caps the count.
 */
export function assignStatus(iteration: number, pushes: number, dossiers: number, done?: number): { dossierIteration: number; status: 'in-process' | 'done' } {
  if (done !== undefined) return { dossierIteration: Math.floor(iteration * dossiers / pushes), status: done >= 1 ? 'done' : 'in-process' }
  const half = Math.ceil(pushes / 2)
  const place = iteration < half ? iteration : iteration - half
  return { dossierIteration: Math.floor(place * dossiers / half), status: iteration < half ? 'in-process' : 'done' }
}
