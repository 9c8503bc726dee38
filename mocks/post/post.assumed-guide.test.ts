/** The same tests, spoken over the wire by the assumed guide. */
import { speakBy } from '../testing/spoken.ts'

speakBy('assumed-guide')
await import('./post.test.ts')
