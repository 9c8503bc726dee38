/** The ids that the installed core rule set has, so that a tuning can name only what is there. Its own switches and sums are not to be left out. */
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** 901 sets up, 949 and 959 decide, 980 correlates: without them the firewall would look and never block. */
const KEPT = /^(?:901|949|959|980)/

export async function coreRuleIds(directory: string): Promise<ReadonlySet<string>> {
  const files = (await readdir(directory)).filter((file) => file.endsWith('.conf'))
  const texts = await Promise.all(files.map((file) => readFile(join(directory, file), 'utf8')))
  const ids = texts.flatMap((text) => [...text.matchAll(/\bid:'?(\d{6})\b/g)].map((match) => match[1]!))
  return new Set(ids.filter((id) => !KEPT.test(id)))
}
