/** What can be done to the parts of the container stack, known before any of it is there. Delay is possible only where the kernel has it, which only trying tells. */
import { PLATFORM_FEATURES } from '../../../contracts/platform.ts'

export const CONTAINERS_FEATURES = PLATFORM_FEATURES
