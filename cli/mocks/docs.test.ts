/** docs/mocks.md says what is so: its table of magic identifiers, its file of behaviours, the addresses it names. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { magicTable, withMagicTable } from '../../scripts/magic-table.ts'
import { run } from '../run.ts'
import { realWorld } from '../world.ts'
import { testWorld } from '../testing/world.ts'
import { serveMocks } from './testing/served.ts'

const document = readFileSync(join(realWorld().root, 'docs/mocks.md'), 'utf8')

it('the table of magic identifiers is the list of them', () => {
  expect(document, 'run: node scripts/magic-table.ts').toBe(withMagicTable(document))
  expect(withMagicTable(document.replace('`sms-', '`smz-').replace(/^\| `send`.*$/m, '')), 'a lost row is noticed').toContain(magicTable())
  expect(document.replace(/^\| `send`.*\n/m, '')).not.toContain(magicTable())
})

it('the file of behaviours is one that can be used, and lint says so', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'behaviours-'))
  const file = join(directory, 'behaviours.yaml')
  writeFileSync(file, /```yaml\n(.*?)```/s.exec(document)![1]!)
  const world = testWorld()
  expect(await run(['lint', file], world), world.err()).toBe(0)
  writeFileSync(join(directory, 'wrong.yaml'), 'version: 1\npartners:\n  sms: [{ rout: send }]\n')
  expect(await run(['lint', join(directory, 'wrong.yaml')], world)).toBe(254)
  expect(world.err()).toMatch(/KEY_UNKNOWN: unknown key "rout".*wrong\.yaml:3:\d+ .*did you mean "route"\?/)
  const served = await serveMocks('--partners', 'bank,justice', '--behaviours', file)
  for (const path of ['/', '/_mocks/partners', '/_mocks/magic', '/_mocks/clock', '/_mocks/journal', '/_mocks/evidence?partner=bank-vcb', '/partners/bank-vcb', '/openapi/bank.json', '/collection.json']) {
    expect(document).toContain(path.replace(/\?.*|bank-vcb$|bank\.json$/, ''))
    expect((await served.get(path)).status, path).toBe(200)
  }
  expect(await served.end()).toBe(0)
  rmSync(directory, { recursive: true })
})
