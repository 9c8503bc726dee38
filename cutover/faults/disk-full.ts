/**
 * `disk-full`: no byte is free on the volume of a database any more, for a while. What it has acknowledged is on that disk; what it cannot write it must refuse. Witness:
 * what clients and the edge saw.
 */
import { z } from 'zod'
import { DISTURBANCES } from '../../contracts/disturbances.ts'
import { fault } from './fault.ts'
import { at, database, seconds } from './params.ts'
import { platformOf, rememberEnd, rememberMoment, touchedClients } from './touched-clients.ts'

const Params = z.strictObject({ database: database(), at: at(), seconds: seconds(4) })

export const diskFull = fault({
  id: 'disk-full', title: DISTURBANCES['disk-full'], schema: Params as z.ZodType<z.infer<typeof Params>>, touches: ['database-disk'],
  phase: (params) => `at-share:${params.at}`,
  lastsMs: (params) => params.seconds * 1_000,
  async inject(context, params) {
    rememberMoment(context)
    await platformOf(context).fillDisk(params.database)
  },
  async heal(context, params) {
    await platformOf(context).freeDisk(params.database)
    rememberEnd(context)
  },
  witness: touchedClients,
})
