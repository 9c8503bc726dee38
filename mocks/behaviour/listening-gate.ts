/**
 * Stops listening while an outage refuses connections (contracts/api/behaviour.ts), and listens again at the same address when it is over. It looks at the
 * clocks only from the moment such an outage is set until the last one has ended: without one it costs nothing.
 */
import type { Server } from 'node:http'
import type { Behaviours } from './behaviours.ts'

const LOOK_EVERY_MS = 20

/** Gives back what ends it. */
export function gateListening(server: Server, behaviours: Behaviours, listen: { host: string; port: number }): () => void {
  let timer: NodeJS.Timeout | undefined
  const end = () => { clearInterval(timer); timer = undefined }

  function look(): void {
    const refuses = behaviours.refusesConnections()
    if (refuses && server.listening) {
      server.close()
      server.closeAllConnections()
    } else if (!refuses && !server.listening) {
      // Taken by somebody else meanwhile: tried again at the next look.
      server.listen(listen.port, listen.host)
    }
    if (!behaviours.mayRefuseConnections() && server.listening) end()
  }

  behaviours.onSet(() => {
    if (timer || !behaviours.mayRefuseConnections()) return
    timer = setInterval(look, LOOK_EVERY_MS).unref()
    look()
  })
  return end
}
