/** What can be done to the parts of the container stack, known before any of it is there. Delay is possible only where the kernel has it, which only trying tells. */
import type { PlatformFeature } from '../../../contracts/platform.ts'

export const CONTAINERS_FEATURES: readonly PlatformFeature[] = ['processes', 'network', 'network-loss', 'network-delay', 'database-disk', 'database-standby']
