/** The page's style sheet: system fonts, calm, legible on paper and on narrow screens; contrast of all text at least 4.5 to 1. */
export const STYLE = `
:root{--ink:#1c2b3a;--quiet:#566372;--rule:#dfe3e8;--soft:#f4f6f8;--paper:#fff;--good:#17603c;--bad:#9c1f26;--doubt:#855000;--blue:#1f4e79;--sim:#5a3d7a}
*{box-sizing:border-box}
html{font:14px/1.45 system-ui,"Segoe UI",Roboto,"Noto Sans","Helvetica Neue",Arial,sans-serif;color:var(--ink);background:#e9edf1;-webkit-text-size-adjust:100%}
body{margin:0}
main{max-width:1280px;margin:0 auto;background:var(--paper);padding:0 26px 40px;display:none}
#choose-vi:checked~.half-vi,#choose-en:checked~.half-en{display:block}
.choice{position:absolute;opacity:0;width:1px;height:1px}
.languages{max-width:1280px;margin:0 auto;padding:0 26px;height:0;position:relative;text-align:right;z-index:2}
.languages label{display:inline-block;cursor:pointer;font-size:12.5px;padding:3px 9px;margin:10px 0 0 4px;border:1px solid transparent;border-radius:3px;color:#fff}
#choose-vi:checked~.languages label[for=choose-vi],#choose-en:checked~.languages label[for=choose-en]{background:#fff;color:var(--ink);font-weight:600}
#choose-vi:focus-visible~.languages label[for=choose-vi],#choose-en:focus-visible~.languages label[for=choose-en]{outline:2px solid #fff;outline-offset:2px}
h1,h2,h3,p,ul,ol,dl,dd{margin:0}
ul,ol{padding:0 0 0 1.2em}
h1{font-size:34px;line-height:1.1;letter-spacing:-.01em;font-weight:700}
h2{font-size:17px;line-height:1.3;font-weight:650;margin:0 0 8px}
h3{font-size:14.5px;margin:14px 0 6px}
code{font:12px/1.4 ui-monospace,"Cascadia Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
a{color:inherit}
.quiet,small{color:var(--quiet);font-weight:400}
.note{color:var(--quiet);font-size:12.5px;margin:0 0 8px}
.num{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}

.masthead{margin:0 -26px;padding:14px 26px 12px;color:#fff;display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1.1fr);gap:8px 36px;align-items:start}
.masthead.pass{background:#17603c}.masthead.fail{background:#8c1d24}.masthead.inconclusive{background:#7a4a00}.masthead.interrupted,.masthead.unjudged{background:#3b4957}
.verdict{display:flex;gap:18px;align-items:flex-start}
.verdict .mark{flex:none;margin-top:4px}
.product{font-size:12.5px;opacity:.92;margin:0 0 3px}
.explain{margin:5px 0 0;max-width:46em;font-size:13.5px}
.reasons{list-style:none;padding:0;margin:8px 0 0;display:flex;flex-wrap:wrap;gap:6px}
.reasons a{display:block;text-decoration:none;font-size:12.5px;font-weight:600;border:1px solid rgba(255,255,255,.75);border-radius:3px;padding:1px 8px}
.reasons a:hover,.reasons a:focus-visible{background:#fff;color:var(--ink)}
.identity{display:grid;grid-template-columns:1fr 1fr;gap:6px 22px;font-size:12.5px;padding-top:26px}
.identity .wide{grid-column:1/-1;display:flex;gap:10px;align-items:baseline}
.identity .wide dt{flex:none}
.identity dt{font-size:11.5px;opacity:.88}
.identity dd{line-height:1.35}
.identity .wide dd{min-width:0}
.mark{vertical-align:-3px}
.mark circle,.mark .body,.mark rect{fill:currentColor;stroke:none}
.mark path:not(.body){fill:none;stroke:#fff;stroke-width:2.6;stroke-linecap:round;stroke-linejoin:round}
.masthead .verdict .mark{color:#fff}
.masthead.pass .mark path:not(.body){stroke:#17603c}.masthead.fail .mark path:not(.body){stroke:#8c1d24}.masthead.inconclusive .mark path:not(.body){stroke:#7a4a00}.masthead.interrupted .mark path:not(.body),.masthead.unjudged .mark path:not(.body){stroke:#3b4957}
.mark.pass{color:var(--good)}.mark.fail{color:var(--bad)}.mark.inconclusive{color:var(--doubt)}.mark.interrupted,.mark.unjudged{color:var(--quiet)}

.honesty{display:flex;flex-wrap:wrap;margin:0 -26px;padding:0 26px;background:var(--soft);border-bottom:1px solid var(--rule);font-size:12.5px;line-height:1.4}
.honesty section{padding:9px 26px 9px 0;flex:1 1 260px}
.honesty .simulated{flex:2.2 1 420px}
.honesty h2{font-size:13px;margin:0 0 2px}
.honesty .simulated h2{display:inline-block;background:repeating-linear-gradient(135deg,var(--sim) 0 7px,#6c4d8f 7px 14px);color:#fff;padding:0 9px;border-radius:2px;letter-spacing:.02em}
.honesty ul{list-style:none;padding:0}
.honesty .simulated li{display:inline}
.honesty .simulated li:not(:last-child)::after{content:" ·";color:var(--quiet)}
.honesty .planted h2{color:var(--bad)}
summary{cursor:pointer}
.honesty details ol{margin:4px 0 0}

main>section{padding:22px 0 0}
section#vi-partners,section#en-partners{padding-top:12px}
.partner-columns{display:grid;grid-template-columns:minmax(0,1.14fr) minmax(0,1fr) minmax(0,1fr);gap:0 26px;align-items:start}
table{border-collapse:collapse;width:100%}
caption{text-align:left;font-weight:600;padding:0 0 3px;font-size:13px}
th{font-weight:400;text-align:left}
thead th{color:var(--quiet);font-size:11.5px;font-weight:400;border-bottom:1px solid var(--ink);padding:2px 6px 2px 0;vertical-align:bottom}
.partners{font-size:12.5px;line-height:1.3}
.partners tbody th,.partners td{padding:1px 6px 1px 0;border-bottom:1px solid var(--rule);vertical-align:top}
.partners .state,.plain .state,.partners thead th{white-space:nowrap}
.partners .sign{display:inline-block;width:1.05em;text-align:center}
.partners .complete .state{color:var(--good)}
.partners .unfinished,.partners .surplus{background:#fbeeee}
.partners .unfinished th,.partners .surplus th{font-weight:600}
.partners .unfinished .state,.partners .surplus .state{color:var(--bad);font-weight:600}
.partners .unknown .state,.partners .absent .state{color:var(--quiet)}
section#vi-partners .note,section#en-partners .note{margin:6px 0 0}

.key-figures dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));border-top:1px solid var(--ink);border-bottom:1px solid var(--rule)}
.key-figures dl>div{padding:7px 12px 8px 0}
.key-figures dt{font-size:12px;color:var(--quiet)}
.key-figures dd{font-size:21px;line-height:1.25;font-weight:600;font-variant-numeric:tabular-nums}
.key-figures dd.source{font-size:11px;font-weight:400;color:var(--quiet);overflow-wrap:anywhere}
main>.key-figures{padding-top:12px}

.chart{overflow-x:auto;margin:4px 0 8px}
.chart svg{display:block;max-width:100%;height:auto;min-width:860px}
.scroll{overflow-x:auto}
.plain{font-size:13px;margin:2px 0 10px}
.plain caption{padding-top:6px}
.plain tbody th,.plain td{padding:5px 14px 5px 0;border-bottom:1px solid var(--rule);vertical-align:top}
.plain thead th{padding-right:14px}
.plain tr.fail th,.plain tr.fail .state{color:var(--bad);font-weight:600}
.plain tr.inconclusive th,.plain tr.inconclusive .state{color:var(--doubt);font-weight:600}
.plain.criteria{table-layout:fixed;min-width:880px}.c-state{width:165px}.c-name{width:23%}.c-expected{width:22%}.c-evidence{width:215px}
.plain.criteria th .quiet{font-weight:400}.plain.criteria td{overflow-wrap:anywhere}.plain.criteria .state{overflow-wrap:normal}
.plain .time{white-space:nowrap}
.evidence,.statuses{list-style:none;padding:0;font-size:12px}
.statuses li{white-space:nowrap}.statuses span{color:var(--quiet)}
.latency td{vertical-align:middle}
.latency svg{display:block}
.rail{stroke:var(--rule);stroke-width:2}.range{stroke:#7fa3c4;stroke-width:6}.middle{fill:var(--blue)}.end{stroke:var(--blue);stroke-width:3}
details{margin:4px 0 6px}
details>summary{color:var(--blue);font-size:13px}
.systems{line-height:1.9;margin-top:4px}.systems code{white-space:nowrap;background:var(--soft);padding:1px 5px;border-radius:2px}

.finding{border-left:4px solid var(--bad);padding:2px 0 6px 16px;margin:12px 0 22px}
.finding h3{font-size:16px;margin:0 0 8px}
.facts{display:flex;flex-wrap:wrap;gap:6px 32px;margin:0 0 8px}
.facts dt,.advice dt{font-size:12px;color:var(--quiet)}
.facts dd{font-weight:600}
.advice{display:grid;gap:3px;margin:0 0 10px;max-width:76em}
.advice>div{display:grid;grid-template-columns:150px minmax(0,1fr);gap:12px}
footer{margin-top:34px;border-top:1px solid var(--rule);padding-top:8px;color:var(--quiet);font-size:12px}

@media (min-width:1240px){.half-en .partner-columns{grid-template-columns:minmax(0,1.36fr) minmax(0,1fr) minmax(0,1fr)}.half-vi .partners tbody th{white-space:nowrap}}
@media (max-width:1080px){.partner-columns{grid-template-columns:repeat(2,minmax(0,1fr))}.masthead{grid-template-columns:1fr}.identity{padding-top:6px}.verdict{padding-top:22px}}
@media (max-width:680px){main,.languages{padding-left:14px;padding-right:14px}.masthead,.honesty{margin:0 -14px;padding-left:14px;padding-right:14px}.partner-columns{grid-template-columns:1fr}.identity{grid-template-columns:1fr}.identity .wide{display:block}.verdict .mark{width:48px;height:48px}h1{font-size:26px}.advice>div{grid-template-columns:1fr;gap:0}.partner-columns table{margin-bottom:14px}}
@media print{@page{size:A4;margin:14mm 12mm}html{background:#fff;font-size:11px}main{max-width:none;padding:0}.languages{display:none}.masthead,.honesty{margin:0;-webkit-print-color-adjust:exact;print-color-adjust:exact}.masthead{padding-left:14px;padding-right:14px}.partner-columns{grid-template-columns:repeat(2,minmax(0,1fr))}.chart svg{min-width:0}.scroll,.chart{overflow:visible}tr,.finding h3,h2{break-inside:avoid;break-after:auto}h2,h3{break-after:avoid}.partners{break-inside:avoid}.note{break-after:avoid}.chart{break-inside:avoid}details::details-content{content-visibility:visible;height:auto}a{text-decoration:none}.mark{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
`.trim()
