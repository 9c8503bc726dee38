/** The room's network as others of `stack/` see it. */
export { NetworkConfig } from './config.ts'
export { startNetwork } from './network.ts'
export { GatewaysConfig, startGateways } from './gateways.ts'
export { startDnsAuthority } from './dns/authority.ts'
export { startResolver } from './dns/resolver.ts'
export { startGateway } from './gateway.ts'
export { startEdge } from './edge/edge.ts'
