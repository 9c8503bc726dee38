/** A request as a line for a shell, to be tried again by hand. Blotted secrets stay blotted. */
import type { ShownExchange } from '../exchange.ts'

export function curlOf({ method, url, headers, body }: Pick<ShownExchange, 'method' | 'url' | 'headers' | 'body'>): string {
  const quoted = (text: string) => `'${text.replaceAll('\'', '\'\\\'\'')}'`
  return ['curl', '-i', ...(method === 'GET' ? [] : ['-X', method]), quoted(url), ...Object.entries(headers).flatMap(([name, value]) => ['-H', quoted(`${name}: ${value}`)]), ...(body === null || body === '' ? [] : ['--data-raw', quoted(body)])].join(' ')
}
