/** What was not real: simulated partners, systems and approvals, planted faults (by outcome.json), and the assumptions behind the figures. */
import type { SystemMode } from '../../../contracts/target.ts'
import { INCIDENTS, type IncidentId } from '../../../contracts/incidents.ts'
import { html, type Html } from '../markup.ts'
import type { Page } from '../page.ts'
import { systemName } from '../wording.ts'

export function simulated(page: Page): Html {
  const { simulated: parts, plan } = page.model
  const approvals = parts.approvals.filter((approval) => approval.approval === 'simulated')
  const systems = (mode: SystemMode) => parts.systems.filter((system) => system.mode === mode).map((system) => page.pick(systemName(system.id, system.role)))
  const none = parts.partners.simulated === 0 && systems('simulated').length === 0 && approvals.length === 0 && !parts.referenceStack
  return html`<div class="honesty" id="${page.anchor('simulated')}">
<section class="${plan && !none && 'simulated'}"><h2>${page.say(plan && !none ? 'simulated' : 'realOrSimulated')}</h2>${!plan ? html`<p>${page.say('unknown')}</p>` : none ? html`<p>${page.say('nothingSimulated')}</p>` : html`<ul>
${parts.partners.simulated > 0 && html`<li>${page.say('simulatedPartners', { n: page.number(parts.partners.simulated) })}</li>`}
${systems('simulated').length > 0 && html`<li>${systems('simulated').join(', ')}</li>`}
${approvals.length > 0 && html`<li>${page.say('simulatedApprovals', { n: page.number(approvals.length) })}: ${approvals.map((approval) => page.pick(approval.title)).join('; ')}</li>`}
${parts.referenceStack && html`<li>${page.say('simulatedStack')}</li>`}
</ul>`}${!parts.referenceStack && systems('real').length > 0 && html`<p>${page.say('realParts', { list: systems('real').join(', ') })}</p>`}
${systems('absent').length > 0 && html`<p>${page.say('absentParts', { list: systems('absent').join(', ') })}</p>`}</section>
${planted(page)}
<section class="assumptions"><h2>${page.say('assumptions')}</h2>${assumptions(page)}</section>
</div>`
}

function assumptions(page: Page): Html {
  const list = page.model.plan?.assumptions ?? []
  if (list.length === 0) return html`<p>${page.say('noAssumptions')}</p>`
  return html`<details><summary>${page.say('assumptionsCount', { n: page.number(list.length) })}</summary><ol>${list.map((assumption) => html`<li>${page.pick(assumption)}</li>`)}</ol></details>`
}

function planted(page: Page): Html | null {
  const faults = page.model.outcome?.faults ?? []
  if (faults.length === 0) return null
  return html`<section class="planted"><h2>${page.say('plantedFaults')}</h2><ul>${faults.map((fault) => {
    const state = page.say(!fault.planted ? 'fault.not-planted' : fault.effective ? 'fault.effective' : 'fault.idle')
    const title = fault.id in INCIDENTS ? page.pick(INCIDENTS[fault.id as IncidentId].title) : fault.id
    return html`<li title="${title}"><code>${fault.id}</code>: ${state}${fault.note && html` (${fault.note})`}</li>`
  })}</ul></section>`
}
