/** The simulators in a container: SimulatorsConfig from a file instead of a message (`process.ts` is the same for a child). */
import { InputError } from '../contracts/error.ts'
import { SimulatorsConfig } from '../contracts/process.ts'
import { runFromFile } from '../contracts/told-by-file.ts'
import { startSimulators } from './index.ts'

runFromFile(async (message) => {
  const config = SimulatorsConfig.safeParse(message)
  if (!config.success) throw new InputError([{ code: 'SIMULATORS_CONFIG_INVALID', what: config.error.message, mend: 'see SimulatorsConfig in contracts/process.ts' }])
  return startSimulators(config.data)
})
