/**
 * `index.html`: one self-contained page. Both languages are in it, each a whole `<main>`; two radio buttons choose which one is seen,
 * so the switch works without script and without network. The content policy forbids any script and any request.
 */
import { LANGUAGES, type Language } from '../../../contracts/text.ts'
import { html, trusted, type Html } from '../markup.ts'
import { pageOf, type Page } from '../page.ts'
import type { ReportModel } from '../report-model.ts'
import { arrivals } from '../sections/arrivals.ts'
import { certificate } from '../sections/certificate.ts'
import { criteria } from '../sections/criteria.ts'
import { derivation } from '../sections/derivation.ts'
import { dns } from '../sections/dns.ts'
import { figures, keyFigures } from '../sections/figures.ts'
import { findings } from '../sections/findings.ts'
import { latency } from '../sections/latency.ts'
import { loadCriteria } from '../sections/load-criteria.ts'
import { masthead } from '../sections/masthead.ts'
import { partners } from '../sections/partners.ts'
import { simulated } from '../sections/simulated.ts'
import { timeline } from '../sections/timeline.ts'
import { transactions } from '../sections/transactions.ts'
import { clocks, coverage, gaps, trust } from '../sections/trust.ts'
import { STYLE } from '../style.ts'
import type { ReportFile } from './format.ts'

const NAMES: Record<Language, string> = { vi: 'Tiếng Việt', en: 'English' }
const POLICY = 'default-src \'none\'; style-src \'unsafe-inline\'; base-uri \'none\'; form-action \'none\''

export const htmlPage: ReportFile = {
  id: 'html',
  fileName: 'index.html',
  render: (model, language) => `${document(model, language).text}\n`,
}

function document(model: ReportModel, language: Language): Html {
  const first = pageOf(model, language)
  return html`<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light"><meta http-equiv="Content-Security-Policy" content="${trusted(POLICY)}">
<title>${first.say(`state.${model.state}`)} · ${first.say('reportTitle')} · ${model.runId}</title><style>${trusted(STYLE)}</style></head>
<body>${LANGUAGES.map((each) => html`<input type="radio" class="choice" name="language" id="choose-${each}" aria-label="${NAMES[each]}"${each === language && trusted(' checked')}>`)}
<div class="languages" role="presentation">${LANGUAGES.map((each) => html`<label for="choose-${each}" lang="${each}">${NAMES[each]}</label>`)}</div>
${LANGUAGES.map((each) => half(pageOf(model, each)))}
</body></html>`
}

function half(page: Page): Html {
  return html`<main lang="${page.language}" class="half-${page.language}">
${masthead(page)}
${simulated(page)}
${partners(page)}
${keyFigures(page)}
${timeline(page)}
${arrivals(page)}
${page.model.cutover && dns(page)}
${transactions(page)}
${latency(page)}
${findings(page)}
${loadCriteria(page)}
${certificate(page)}
${criteria(page)}
${coverage(page)}
${figures(page)}
${derivation(page)}
${trust(page)}
${gaps(page)}
${clocks(page)}
<footer><p>${page.say('reportTitle')} · <code>${page.model.runId}</code></p></footer>
</main>`
}
