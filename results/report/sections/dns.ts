/** How each region moved to the new address: curves with the switch marked, and what it meant for operations. */
import { dnsChart, regionName } from '../charts/dns-curves.ts'
import { html, type Html } from '../markup.ts'
import { section, stateMark, type Page } from '../page.ts'
import { nightSpan } from './timeline.ts'

export function dns(page: Page): Html {
  const { dns: result } = page.model
  const title = page.say('dns')
  if (!result || result.regions.every((region) => region.answers === 0)) return section(page, 'dns', title, html`<p>${page.say('noDns')}</p>`)
  const heads = [page.say('region'), page.say('resolverProfile'), page.say('firstNew'), page.say('lastOld')]
  return section(page, 'dns', title,
    html`<p class="note">${page.say('dnsIntro', { n: result.bucketScenarioMs / 60_000 })} ${page.say('sourceIs', { s: 'evidence/resolver-*.ndjson' })}</p>`,
    dnsChart(page, result, nightSpan(page)),
    html`<div class="scroll"><table class="plain"><thead><tr>${heads.map((head, at) => html`<th scope="col">${head}${at > 1 && html` (${page.say('scenarioClock')})`}</th>`)}<th scope="col">${page.say('converged')}</th><th scope="col" class="num">${page.say('oldPortalServed')}</th><th scope="col" class="num">${page.say('answers')}</th></tr></thead>
<tbody>${result.regions.map((region) => html`<tr><th scope="row">${regionName(page, region.region)}</th><td><code>${region.profile}</code></td><td>${page.clock(region.firstNewAt)}</td><td>${page.clock(region.lastOldAt)}</td>
<td class="state">${region.converged === null ? page.say('unknown') : html`${stateMark(region.converged ? 'pass' : 'fail', 16)} ${page.say(region.converged ? 'yes' : 'no')}`}</td><td class="num">${region.oldPortalAfterSwitch === null ? '–' : page.number(region.oldPortalAfterSwitch)}</td><td class="num">${page.number(region.answers)}</td></tr>`)}</tbody></table></div>`)
}
