/** The form of every refusal except OAuth's. */
import { z } from 'zod'

export const RefusalBody = z.object({ error: z.object({ code: z.string(), message: z.string() }) })
