/** One service of the reference stack, alone in its container: ServiceConfig from a file. */
import { ServiceConfig } from '../../contracts/process.ts'
import { runFromFile } from '../../contracts/told-by-file.ts'
import { SERVICES } from '../services/index.ts'

runFromFile(async (message) => {
  const config = ServiceConfig.parse(message)
  const start = SERVICES[config.id]
  if (!start) throw new Error(`no service "${config.id}", there are ${Object.keys(SERVICES).join(', ')}`)
  return start(config)
})
