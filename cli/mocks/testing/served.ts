/** `tongduyet mocks` run in this process on a free port, until the test ends it as Ctrl-C would. */
import { run } from '../../run.ts'
import { testWorld } from '../../testing/world.ts'
import type { JournalEntry } from '../../../mocks/journal/ask.ts'
import type { Listed } from '../listing.ts'

export type Described = { url: string; portal: string; inbox: string; vneidClient: { clientId: string; clientSecret: string; redirectUris: string[] }; partners: Listed[] }
export type Answered = { status: number; headers: Headers; body: any }
export type ServedMocks = {
  described: Described
  /** Of a partner: its base URL. */
  at: (id: string) => string
  get: (path: string) => Promise<Answered>
  post: (path: string, body: unknown) => Promise<Answered>
  /** What came to somebody, once so many have. */
  journal: (partner: string, count?: number) => Promise<JournalEntry[]>
  /** Ends it and gives the exit code. */
  end: () => Promise<number>
}

export async function serveMocks(...args: readonly string[]): Promise<ServedMocks> {
  const written = Promise.withResolvers<Described>()
  const world = testWorld()
  const out = { write: (text: string) => { world.stdout.write(text); if (world.out().trimEnd().endsWith('}')) written.resolve(JSON.parse(world.out()) as Described) } }
  const ended = run(['mocks', '--port', '0', '--json', ...args], { ...world, stdout: out })
  const described = await Promise.race([written.promise, ended.then((code) => { throw new Error(`ended with ${code}: ${world.err()}`) })])
  const base = described.url.replace(/\/$/, '')
  const ask = async (path: string, init: RequestInit = {}): Promise<Answered> => {
    const response = await fetch(path.startsWith('http') ? path : base + path, { redirect: 'manual', ...init })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: /json/.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : text }
  }
  return {
    described,
    at: (id) => described.partners.find((partner) => partner.id === id)!.baseUrl,
    get: (path) => ask(path),
    post: (path, body) => ask(path, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    async journal(partner, count = 0) {
      for (;;) {
        const { body } = await ask(`/_mocks/journal?partner=${partner}`)
        if (body.exchanges.length >= count) return body.exchanges as JournalEntry[]
        await new Promise(setImmediate)
      }
    },
    end: () => { world.interrupt(); return ended },
  }
}
