/** The seeded draw has its place in `mocks/behaviour/draw.ts`. */
export { draw } from '../behaviour/draw.ts'
