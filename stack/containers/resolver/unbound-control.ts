/**
 * Speaks to Unbound's control socket as unbound-control does (`UBCT1 <command>\n`, then lines of data, closed by `EOF`), without a process for each command.
 * Out: what it answered. Throws where Unbound refuses or does not answer in time.
 */
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'

const ANSWER_MS = 5_000

export async function unboundControl(socketPath: string, command: string, data: readonly string[] = []): Promise<string> {
  if ([command, ...data].some((line) => /[\r\n\0]/.test(line))) throw new Error('a command for Unbound is one line')
  const socket = connect(socketPath)
  socket.setTimeout(ANSWER_MS, () => socket.destroy(new Error(`Unbound did not answer "${command}" in ${ANSWER_MS} ms`)))
  socket.write(`UBCT1 ${command}\n${data.map((line) => `${line}\n`).join('')}`)
  const answer = await text(socket)
  if (answer.startsWith('error')) throw new Error(`Unbound refuses "${command}": ${answer.trim()}`)
  return answer
}
