/** The post as a simulator. */
import { POST } from '../../contracts/partner-api/roles/post.ts'
import type { Simulator } from '../simulator.ts'
import { simulate } from '../specialised/simulate.ts'
import { createPostOffice, type PostOptions } from './post-office.ts'
import { POST_ROUTES } from './routes.ts'

export function postSimulator(options: PostOptions): Simulator {
  return simulate({ world: options.world, role: POST, routes: POST_ROUTES }, ({ plan, journal }) => createPostOffice({ ...options, retry: { ...options.retry, plan, journal } }))
}
