/** The result as one page without outside parts, self-declared (whether a signature is of a known key is for `tongduyet verify` to say): score and index first, then every requirement; what is broken with exchange and smallest request. */
import type { Language } from '../../contracts/text.ts'
import type { ConformResult } from '../result.ts'
import { curlOf } from './curl.ts'
import { word } from './words.ts'

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:0 auto;padding:1rem;color:#1b1b1b;background:#fff}h1{font-size:1.4rem}
.figures{display:flex;gap:1rem;flex-wrap:wrap}.figure{border:1px solid #ccc;border-radius:.5rem;padding:.5rem 1rem}.figure b{font-size:1.8rem;display:block}
table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #ddd;text-align:left;padding:.35rem .5rem;vertical-align:top}
.held{color:#1b6e2e}.broken,.faulted,.timed-out{color:#a4161a;font-weight:600}.not-triggerable{color:#7a5c00}pre{white-space:pre-wrap;overflow-wrap:anywhere;background:#f4f4f4;padding:.5rem;font-size:.85rem}
td:first-child{overflow-wrap:anywhere}@media(max-width:40rem){td,th{display:block;border:0;padding:.1rem .5rem}tr{display:block;border-bottom:1px solid #ddd;padding:.4rem 0}}`

export function htmlReport(result: ConformResult, language: Language): string {
  const { about, summary, outcomes, testData, hashes } = result
  const w = (key: Parameters<typeof word>[1]) => escaped(word(language, key))
  const order = ['broken', 'faulted', 'timed-out', 'not-triggerable', 'held']
  const rows = outcomes.toSorted((a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome)).map((one) => {
    const detail = [
      one.expected && one.observed ? `${w('expected')}: ${escaped(one.expected[language])}<br>${w('observed')}: ${escaped(one.observed[language])}` : '',
      one.why ? `${w('why')}: ${escaped(one.why[language])}` : '',
      one.smallest ? `<details open><summary>${w('smallest')}</summary><pre>${escaped(curlOf(one.smallest))}\n\n${escaped(`${one.smallest.status ?? one.smallest.error} ${one.smallest.answer ?? ''}`)}</pre></details>` : '',
    ].filter(Boolean).join('<br>')
    return `<tr><td><code>${escaped(one.id)}</code></td><td>${escaped(one.requirement[language])}${detail ? `<br>${detail}` : ''}</td><td>${escaped(one.flow)}</td><td class="${one.outcome}">${w(one.outcome)}</td></tr>`
  })
  const left = testData.length === 0 ? '' : `<h2>${w('testData')} (${testData.length})</h2><p>${testData.map(({ kind, id }) => escaped(`${kind} ${id}`)).join(', ')}</p>`
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${w('title')}: ${escaped(about.partner)}</title><style>${STYLE}</style></head><body>
<h1>${w('title')}: ${escaped(about.partner)} (${escaped(about.role)}, ${escaped(about.contract.role)} ${escaped(about.contract.version)}${about.contract.profile ? `, ${escaped(about.contract.profile)}` : ''})</h1>
<p>${escaped(about.url)} · ${escaped(about.beganAt)} · ${w('self-declared')}${result.signature ? ` (Ed25519 ${escaped(result.signature.keyId)}, tongduyet verify --known)` : ''} · <code>${hashes.whole.slice(0, 16)}</code></p>
<div class="figures"><div class="figure">${w('score')}<b>${summary.score === null ? '–' : `${summary.score} %`}</b>${summary.held} ${w('of')} ${summary.held + summary.broken}, ${w('scoreNote')}</div>
<div class="figure">${w('index')}<b>${summary.index} %</b>${summary.held + summary.broken} ${w('of')} ${summary.requirements}, ${w('indexNote')}</div></div>
<table><thead><tr><th>id</th><th>${w('requirement')}</th><th>${w('flow')}</th><th></th></tr></thead><tbody>${rows.join('\n')}</tbody></table>${left}
</body></html>\n`
}

function escaped(text: string): string { return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;') }
