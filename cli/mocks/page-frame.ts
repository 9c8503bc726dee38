/** The frame of every page: no external assets, readable on a phone, light and dark. */
import type { Language } from '../../contracts/text.ts'
import { html, type Html } from './html.ts'

const STYLE = `
:root{color-scheme:light dark;--line:#8884;--soft:#8881;--warn:#b45309}
body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:70rem;padding:1rem}
h1{font-size:1.5rem;margin:.5rem 0}h2{font-size:1.15rem;margin:2rem 0 .5rem;border-bottom:1px solid var(--line)}h3{font-size:1rem;margin:1.25rem 0 .25rem}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.9rem}th,td{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0;border-bottom:1px solid var(--line)}
code,pre{font:.85rem/1.4 ui-monospace,monospace}pre{background:var(--soft);padding:.6rem;overflow-x:auto;margin:.25rem 0}code,.warn{overflow-wrap:anywhere}td:first-child code{white-space:nowrap}
summary{cursor:pointer;padding:.2rem 0}nav{display:flex;gap:1rem;justify-content:space-between}.warn{color:var(--warn)}dt{font-weight:600}dd{margin:0 0 .4rem}
`

export function pageFrame({ language, title, head, body }: { language: Language; title: string; head: Html; body: readonly Html[] }): string {
  return html`<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><style>${{ html: STYLE }}</style></head>
<body><nav>${head}</nav><h1>${title}</h1>
${body}
</body></html>
`.html
}

export function table(headers: readonly string[], rows: readonly (readonly Html[])[]): Html {
  return html`<div class="scroll"><table><thead><tr>${headers.map((header) => html`<th>${header}</th>`)}</tr></thead>
<tbody>${rows.map((cells) => html`<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>
`)}</tbody></table></div>`
}

export function code(text: string): Html { return html`<code>${text}</code>` }
export function plain(text: string): Html { return html`${text}` }
/** What links begin with, where others see the pages under a path (`--public-url https://test.example/partners`). */
export function rootOf(baseUrl: string): string { return new URL(baseUrl).pathname.replace(/\/$/, '') }
