/** How the one who asks is known: the signature over the body, an access token, a client with its secret, a session's cookie; only what the role uses. */
import type { Operation } from '../operation.ts'
import type { RoleContract } from '../role.ts'
import type { Json } from './json-schema.ts'
import type { Naming } from './naming.ts'
import { both } from './text.ts'

/** Where the document's default server stands. */
const EXAMPLE_BASE = 'http://127.0.0.1:8080'

export function securitySchemes(role: RoleContract, naming: Naming): Json {
  const all: readonly Operation[] = [...role.operations, ...role.calls]
  const uses = (access: Operation['access']) => all.some((operation) => operation.access === access)
  return {
    ...(all.some(({ signed }) => signed) && { signature: signature(naming) }),
    ...(uses('bearer') && { bearer: bearer(role, naming) }),
    ...(uses('client') && { client: { type: 'http', scheme: 'basic', description: both({ vi: 'Mã và khoá bí mật của ứng dụng, hoặc trong thân yêu cầu', en: 'The client\'s id and secret; or both in the body' }) } }),
    ...(uses('cookie') && { cookie: { type: 'apiKey', in: 'cookie', name: 'sid', description: both({ vi: 'Phiên đăng nhập của công dân', en: 'The citizen\'s session' }) } }),
  }
}

function signature(naming: Naming): Json {
  const { header, algorithm, encoding, prefix, over, timestampHeader } = naming.signature
  const hash = algorithm.replace('hmac-sha', 'HMAC-SHA')
  const what = over === 'body' ? { vi: 'thân yêu cầu (đúng từng byte)', en: 'the body, byte for byte' }
    : { vi: `\`<${timestampHeader ?? 'timestamp'}>.<thân yêu cầu>\``, en: `\`<${timestampHeader ?? 'timestamp'}>.<body>\`` }
  const form = `${encoding}${prefix && `, ${JSON.stringify(prefix)} + …`}`
  return { type: 'apiKey', in: 'header', name: header, description: both({ vi: `${hash} (${form}) của ${what.vi}, bằng khoá riêng của bên gửi`, en: `${hash} (${form}) of ${what.en}, with the sender's own key` }) }
}

function bearer(role: RoleContract, naming: Naming): Json {
  const endpoint = (name: string) => {
    const operation = role.operations.find((candidate) => candidate.name === name)
    return operation && EXAMPLE_BASE + naming.path(operation)
  }
  const [authorizationUrl, tokenUrl] = [endpoint('authorize'), endpoint('token')]
  if (!authorizationUrl || !tokenUrl) return { type: 'http', scheme: 'bearer' }
  return { type: 'oauth2', description: 'OpenID Connect, PKCE S256', flows: { authorizationCode: { authorizationUrl, tokenUrl, scopes: { openid: both({ vi: 'đăng nhập', en: 'login' }) } } } }
}
