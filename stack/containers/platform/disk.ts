/**
 * The disk of a database, when it is to become full: its volume lies in memory and has an end. A container of the harness's own holds the volume all the time, since what
 * lies in memory is gone with the last one that holds it, and fills it to the last byte. A server that could not write its log has ended, or does so in a moment: room is
 * given back when it serves again.
 */
import { HarnessError } from '../../../contracts/error.ts'
import type { StackPlatform } from '../../../contracts/platform.ts'
import { reach } from '../../database.ts'
import { ask } from '../docker.ts'
import { containerName } from '../container.ts'
import { postgresUrl } from '../postgres.ts'
import { execIn } from './side-container.ts'
import { cannot, type Parts } from './parts.ts'

/** A night of the full size writes less than half of it. */
export const LIMITED_DISK_MB = 640
const VOLUME = '/volume'
/** It looks through its log first, which on a full disk it could not end. */
const SERVES_WITHIN_MS = 20_000
const ASKED_FOR_MS = 1_000
const FILLING = `${VOLUME}/filling`
/** fallocate takes whole pages, and the file's own bookkeeping takes some too: what is left goes byte by byte. */
const FILL = `size=$(df --output=avail -B1 ${VOLUME} | tail -n 1); fallocate -l "$size" ${FILLING} 2>/dev/null; cat /dev/zero >> ${FILLING} 2>/dev/null; df --output=avail -B1 ${VOLUME} | tail -n 1`

export function disk(parts: Parts, processes: Pick<StackPlatform, 'start'>, { password }: { password: string }): Pick<StackPlatform, 'fillDisk' | 'freeDisk'> & { hold: (database: string) => Promise<void> } {
  const { docker, labels, runId } = parts.context
  const holders = new Map<string, string>()

  function holderOf(database: string): string {
    parts.of(database)
    const id = holders.get(database)
    if (id === undefined) throw cannot(`filling the disk of ${database}`, 'its volume was made without an end')
    return id
  }

  return {
    async hold(database) {
      const container = await ask(`holding the volume of ${database}`, docker.createContainer({
        name: containerName(runId, `disk-${database}`), Image: parts.tag, Cmd: ['sleep', 'infinity'], Labels: labels,
        HostConfig: { NetworkMode: 'none', Init: true, Memory: (LIMITED_DISK_MB + 64) * 1024 ** 2, Mounts: [{ Type: 'volume', Source: containerName(runId, database), Target: VOLUME }] },
      }))
      await ask(`holding the volume of ${database}`, container.start())
      holders.set(database, container.id)
    },
    async fillDisk(database) {
      const { said } = await execIn(docker, holderOf(database), `the holder of ${database}'s disk`, ['sh', '-c', FILL])
      const free = Number(said.split('\n').at(-1))
      // A page that the database gave back in between is nothing.
      if (!(free < 64 * 1024)) throw cannot(`filling the disk of ${database}`, `${said} bytes are free`)
    },
    async freeDisk(database) {
      const { code, said } = await execIn(docker, holderOf(database), `the holder of ${database}'s disk`, ['rm', '-f', FILLING])
      if (code !== 0) throw cannot(`freeing the disk of ${database}`, said)
      const url = postgresUrl(parts.of(database).spec.zones[0]!.address, password)
      for (const latest = Date.now() + SERVES_WITHIN_MS; ;) {
        await processes.start(database)
        try {
          await (await reach(url, ASKED_FOR_MS)).end()
          return
        } catch (error) {
          if (Date.now() > latest) throw new HarnessError({ code: 'PLATFORM_NOT_IN_EFFECT', what: `${database} does not serve again within ${SERVES_WITHIN_MS / 1_000} s after its disk was given room`, mend: 'read its log in the run folder' }, { cause: error })
        }
      }
    },
  }
}
