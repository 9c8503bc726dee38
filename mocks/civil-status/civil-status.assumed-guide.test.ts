/** The same tests, spoken over the wire by the assumed guide. */
import { speakBy } from '../testing/spoken.ts'

speakBy('assumed-guide')
await import('./civil-status.test.ts')
