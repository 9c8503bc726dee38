/** `doctor --target FILE`: everything that a run on this target will need, looked at without a write. */
import { openSecrets } from '../../target/secrets.ts'
import { loadTarget, readTarget } from '../../target/load-target.ts'
import { pinHosts } from '../../target/pin-hosts.ts'
import { InputError } from '../../../contracts/error.ts'
import { createAdminClient } from '../../../cutover/admin-client.ts'
import { createWire } from '../../../cutover/wire.ts'
import type { World } from '../../world.ts'
import { allowList, permissions, window } from './agreed.ts'
import { catalogue } from './catalogue.ts'
import { both, lacks, ok, type TargetCheck, type TargetContext, type TargetFinding } from './check.ts'
import { names } from './names.ts'
import { reach } from './reach.ts'
import { readers } from './readers.ts'

export const TARGET_CHECKS: readonly TargetCheck[] = [allowList, window, permissions, reach, names, catalogue, readers]

export type TargetDiagnosis = { check: string; title: { vi: string; en: string } } & TargetFinding

/** A file that is itself in disorder is refused with all its mistakes, as by `lint`. */
export async function examineTarget(world: World, path: string): Promise<TargetDiagnosis[]> {
  const document = readTarget(world, path)
  const secretsTitle = both('Mật khẩu và khóa', 'Secrets')
  const { problems } = openSecrets(world, document.value, document.file, document.place)
  if (problems.length > 0) {
    // Without them nothing behind the file can be asked.
    return problems.map(({ code, what, where, mend }) => ({ check: 'secrets', title: secretsTitle, ...lacks(where ?? '', both(`${code}: ${what}`, `${code}: ${what}`), both(mend, mend)) }))
  }
  const loaded = loadTarget(world, path)
  const results: TargetDiagnosis[] = [{ check: 'secrets', title: secretsTitle, ...ok('all', `đủ ${loaded.secrets.values.length}`, `${loaded.secrets.values.length} found`) }]
  let target
  try { target = await pinHosts(loaded.value, loaded.shown) } catch (error) {
    if (!(error instanceof InputError)) throw error
    return [...results, ...error.problems.map(({ code, what, mend }) => ({ check: 'names', title: both('Tên máy chủ', 'Names of hosts'), ...lacks('hosts', both(`${code}: ${what}`, `${code}: ${what}`), both(mend, mend)) }))]
  }
  const access = { ...loaded.access, confirm: () => Promise.reject(new Error('doctor asks nobody')) }
  const client = createAdminClient({ target, access })
  const wire = createWire({ target, access })
  try {
    const context: TargetContext = { world, target, shown: loaded.shown, access, client, wire }
    for (const check of TARGET_CHECKS) results.push(...(await check.run(context)).map((finding) => ({ check: check.id, title: check.title, ...finding })))
    return results
  } finally { await Promise.all([client.close(), wire.close()]) }
}
