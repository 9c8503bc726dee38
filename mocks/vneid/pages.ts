/** The pages that people see: login, and the end of a session. Plain HTML without scripts, in Vietnamese or English by `ui_locales`; whatever comes from outside is escaped. */
import type { Answer } from '../server/route.ts'
import type { Account } from './accounts.ts'

const TEXTS = {
  vi: {
    title: 'Đăng nhập', simulated: 'Hệ thống định danh mô phỏng. Mọi tài khoản đều do máy đặt ra.', asks: 'yêu cầu đăng nhập', choose: 'Chọn một tài khoản thử',
    own: 'Hoặc nhập số định danh và mật mã (sáu số cuối)', personId: 'Số định danh', passcode: 'Mật mã', enter: 'Đăng nhập', cancel: 'Hủy', level: 'mức độ', foreign: 'người đại diện là người nước ngoài',
    kinds: { citizen: 'công dân', foreigner: 'người nước ngoài', company: 'doanh nghiệp', organisation: 'tổ chức (VNConnect)', minor: 'người chưa thành niên' },
    refused: 'Không có người này, mật mã sai, hoặc loại tài khoản không dùng được ở đây.', gone: 'Yêu cầu đăng nhập không có, đã xong hoặc đã hết hạn.', over: 'Đã đăng xuất', goOn: 'Tiếp tục',
  },
  en: {
    title: 'Log in', simulated: 'A simulated issuer. Every account is made up.', asks: 'asks you to log in', choose: 'Choose an account to try',
    own: 'Or enter an id and its passcode (the last six digits)', personId: 'Id', passcode: 'Passcode', enter: 'Log in', cancel: 'Cancel', level: 'level', foreign: 'represented by a foreigner',
    kinds: { citizen: 'citizen', foreigner: 'foreigner', company: 'company', organisation: 'organisation (VNConnect)', minor: 'minor' },
    refused: 'No such person, a wrong passcode, or a kind of account that is not taken here.', gone: 'The login request is unknown, finished or expired.', over: 'Logged out', goOn: 'Go on',
  },
} as const

export type LoginPage = { action: string; request: string; clientId: string; loginHint: string; locales: string; accounts: readonly Account[]; refused?: boolean }

export function loginPage({ action, request, clientId, loginHint, locales, accounts, refused = false }: LoginPage): Answer {
  const text = textsOf(locales)
  const carried = hidden('request', request) + (locales === '' ? '' : hidden('ui_locales', locales))
  const form = (inside: string) => `<form method="post" action="${escaped(action)}">${carried}${inside}</form>`
  const rows = accounts.map(({ personId, passcode, name, kind, level, foreignRepresentative }) => `<li>${form(
    `${hidden('personId', personId)}${hidden('passcode', passcode)}<button>${escaped(name)}</button> ${text.kinds[kind]}, ${text.level} ${level}${foreignRepresentative ? `, ${text.foreign}` : ''} · ${personId}`,
  )}</li>`)
  return page(refused ? 401 : 200, locales, text.title, `
<p><strong>${escaped(clientId)}</strong> ${text.asks}. ${text.simulated}</p>
${refused ? `<p role="alert">${text.refused}</p>` : ''}
<h2>${text.choose}</h2>
<ul>${rows.join('\n')}</ul>
<h2>${text.own}</h2>
${form(`<label>${text.personId} <input name="personId" inputmode="numeric" value="${escaped(loginHint)}"></label>
<label>${text.passcode} <input name="passcode" type="password"></label> <button>${text.enter}</button>`)}
${form(`<button name="cancel" value="1">${text.cancel}</button>`)}`)
}

export function gonePage(locales: string): Answer { return page(404, locales, textsOf(locales).title, `<p role="alert">${textsOf(locales).gone}</p>`) }

/** `visit`: addresses of clients that end their own sessions in a frame (Front-Channel Logout 1.0, 3). */
export function loggedOutPage(options: { visit: readonly string[]; goOn: string | undefined }): Answer {
  const frames = options.visit.map((uri) => `<iframe src="${escaped(uri)}" hidden title=""></iframe>`).join('')
  const link = options.goOn === undefined ? '' : `<p><a href="${escaped(options.goOn)}">${TEXTS.vi.goOn} · ${TEXTS.en.goOn}</a></p>`
  return page(200, '', `${TEXTS.vi.over} · ${TEXTS.en.over}`, frames + link, options.goOn)
}

function page(status: number, locales: string, title: string, body: string, goOn?: string): Answer {
  const lang = languageOf(locales)
  // Two seconds for the frames to load; who does not want to wait has the link.
  const refresh = goOn === undefined ? '' : `<meta http-equiv="refresh" content="2;url=${escaped(goOn)}">`
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff',
      'content-security-policy': 'default-src \'none\'; style-src \'unsafe-inline\'; frame-src *; frame-ancestors \'none\'',
    },
    text: `<!doctype html>
<html lang="${lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">${refresh}<title>${title}</title>
<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}ul{list-style:none;padding:0}button,input{font:inherit;padding:.3rem .6rem}[role=alert]{color:#a00}</style></head>
<body><h1>${title}</h1>${body}</body></html>
`,
  }
}

function hidden(name: string, value: string): string { return `<input type="hidden" name="${name}" value="${escaped(value)}">` }

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\'': '&#39;' }
function escaped(text: string): string { return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!) }

/** The first of the languages asked for that we have; otherwise Vietnamese. */
function languageOf(locales: string): 'vi' | 'en' { return locales.split(' ').map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => tag === 'vi' || tag === 'en') ?? 'vi' }
function textsOf(locales: string) { return TEXTS[languageOf(locales)] }
