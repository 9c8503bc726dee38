/** Acts by a command of the operator's own: never through a shell, with nothing but what a program needs to run, killed at its time limit. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { filledIn, objectIn, way } from './control.ts'

const KEPT_BYTES = 16 << 10

export const commandWay = way<'command'>({
  by: 'command',
  async act({ values, access, signal, act }, { run, timeoutMs }) {
    const [program, ...args] = run.map((part) => filledIn(part, values)) as [string, ...string[]]
    const { PATH, HOME, LANG } = process.env
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], shell: false, env: { PATH, HOME, LANG, TONGDUYET_ACT: act } as NodeJS.ProcessEnv })
    const out = kept(child.stdout)
    const err = kept(child.stderr)
    const kill = () => child.kill('SIGKILL')
    let late = false
    const timer = setTimeout(() => { late = true; kill() }, timeoutMs)
    signal?.addEventListener('abort', kill, { once: true })
    try {
      const [code, by] = await once(child, 'close') as [number | null, NodeJS.Signals | null]
      signal?.throwIfAborted()
      if (code !== 0) throw new Error(`"${program}" ${late ? `was not done within ${timeoutMs} ms` : `ended with ${by ?? `code ${code}`}`}${err() === '' ? '' : `: ${access.blot(err()).slice(-300)}`}`)
      return objectIn(out())
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', kill)
    }
  },
})

function kept(stream: NodeJS.ReadableStream): () => string {
  let text = ''
  stream.on('data', (piece: Buffer) => { text = (text + piece.toString('utf8')).slice(-KEPT_BYTES) })
  return () => text.trim()
}
