/**
 * The report room: `renderReport` reads a run folder and writes `<run>/report/`. In: folder, formats, language the page opens in.
 * Out: the files written. Works on any run folder, also of an interrupted run: what is missing is said, not invented.
 */
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runFolder } from '../../contracts/run-folder.ts'
import type { Language } from '../../contracts/text.ts'
import type { ReportFile } from './formats/format.ts'
import { htmlPage } from './formats/html.ts'
import { json } from './formats/json.ts'
import { junitXml } from './formats/junit.ts'
import { buildModel } from './report-model.ts'

const FORMATS = { html: htmlPage, junit: junitXml, json } as const satisfies Record<string, ReportFile>

export type ReportFormat = keyof typeof FORMATS
export const REPORT_FORMATS = Object.keys(FORMATS) as ReportFormat[]
export type ReportOptions = { formats: readonly ReportFormat[]; language: Language }

export async function renderReport(runDirectory: string, { formats, language }: ReportOptions): Promise<{ files: string[] }> {
  const model = await buildModel(runDirectory)
  const { report } = runFolder(runDirectory)
  await mkdir(report, { recursive: true })
  const files: string[] = []
  for (const format of new Set(formats)) {
    const { fileName, render } = FORMATS[format]
    const path = join(report, fileName)
    // Written aside and moved, so that a full disk never leaves half a page under the right name.
    await writeFile(`${path}.partial`, render(model, language))
    await rename(`${path}.partial`, path)
    files.push(path)
  }
  return { files }
}
