/** The seam of the network's parts (authority, resolvers, gateways, edges): each is started by one function and handed its own administration handlers. */
import type { AdminHandlers } from '../../contracts/admin-server.ts'

export type NetworkPart = {
  admin: AdminHandlers
  close: () => Promise<void>
}
