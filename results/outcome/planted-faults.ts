/**
 * What was planted and what came of it: `sealed/faults.json` against `sealed/witness.ndjson`. A fault counts only where its witness says that it touched
 * enough. In: the two paths. Out: one result a fault; what cannot be read, was not wished for or was never healed goes to `validity`.
 */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { type RunOutcome, WitnessLine } from '../../contracts/verdict.ts'

const PlantedFaults = z.array(z.looseObject({ id: z.string() }))
type FaultResult = z.infer<typeof RunOutcome>['faults'][number]

export function plantedFaults(faultsPath: string, witnessPath: string, validity: string[]): FaultResult[] {
  const lines = witnessLines(witnessPath, validity)
  const planted = wishedFor(faultsPath, validity)
  if (planted === undefined) return []
  for (const id of new Set(lines.map((line) => line.fault))) if (!planted.includes(id)) validity.push(`sealed/faults.json does not name the fault ${id}`)
  return planted.map((id, index): FaultResult => {
    // One that was planted twice is witnessed twice: what the first did is not the second's doing.
    const own = lines.filter((line) => line.fault === id && (line.index ?? planted.indexOf(id)) === index)
    const witness = own.findLast((line) => line.event === 'witnessed')
    const note = own.findLast((line) => line.event === 'error')?.note ?? witness?.note
    const effective = witness !== undefined && (witness.touched ?? 0) >= Math.max(1, witness.required ?? 1)
    // The final reads would have been taken under it.
    if (effective && !own.some((line) => line.event === 'healed')) validity.push(`fault ${id} was not healed${note ? `: ${note}` : ''}`)
    return { id, planted: own.some((line) => line.event === 'injected'), effective, ...(note ? { note } : {}) }
  })
}

/** Without a faults.json no fault was wished for; undefined where it cannot be read. */
function wishedFor(path: string, validity: string[]): string[] | undefined {
  const text = readText(path)
  if (text === undefined) return []
  try { return PlantedFaults.parse(JSON.parse(text)).map(({ id }) => id) } catch { validity.push('sealed/faults.json cannot be read'); return undefined }
}

function witnessLines(path: string, validity: string[]): WitnessLine[] {
  const texts = (readText(path) ?? '').split('\n').filter((line) => line !== '')
  const lines = texts.flatMap((line) => {
    try {
      const result = WitnessLine.safeParse(JSON.parse(line))
      return result.success ? [result.data] : []
    } catch { return [] }
  })
  if (lines.length < texts.length) validity.push(`sealed/witness.ndjson has ${texts.length - lines.length} lines that cannot be read`)
  return lines
}

export function readText(path: string): string | undefined {
  try { return readFileSync(path, 'utf8') } catch { return undefined }
}
