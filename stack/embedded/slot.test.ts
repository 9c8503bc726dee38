import { once } from 'node:events'
import { createServer } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { HarnessError } from '../../contracts/error.ts'
import { PORTS } from '../parts.ts'
import { addressesOf } from './addresses.ts'
import { socketsOf } from './leftovers.ts'
import { takeSlot, type Slot } from './slot.ts'

const TESTS = { from: 100, to: 119 }
/** Of this test alone. */
const LAST = 120
const taken: Slot[] = []
afterEach(async () => { for (const slot of taken.splice(0)) await slot.release() })

test('two that take a slot get two, and a released one can be taken again', async () => {
  const [first, second] = await Promise.all([takeSlot(TESTS), takeSlot(TESTS)])
  taken.push(second)
  expect(first.number).not.toBe(second.number)
  await first.release()
  expect(socketsOf(first.number)).toEqual([])
})

test('a taken slot is PORT_IN_USE where there is no other', async () => {
  const slot = await takeSlot(TESTS)
  taken.push(slot)
  const error = await takeSlot({ from: slot.number, to: slot.number }).then(() => undefined, (problem: unknown) => problem)
  expect(error).toBeInstanceOf(HarnessError)
  expect((error as HarnessError).problem).toMatchObject({ code: 'PORT_IN_USE', where: `127.${slot.number}.0.1:${PORTS.lock}` })
})

test('somebody else on a port of the stack is named, and the slot is not kept', async () => {
  const { services } = addressesOf(LAST)
  const foreign = createServer()
  foreign.listen(PORTS.http, services.portal)
  await once(foreign, 'listening')
  await expect(takeSlot({ from: LAST, to: LAST })).rejects.toThrow(`PORT_IN_USE: no free slot from ${LAST} to ${LAST}: in use are ${services.portal}:8080`)
  foreign.close()
  await once(foreign, 'close')
  taken.push(await takeSlot({ from: LAST, to: LAST }))
  expect(socketsOf(LAST)).toEqual([`tcp 127.${LAST}.0.1:${PORTS.lock}`])
})
