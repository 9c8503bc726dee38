/** The seam of all formats: the model in, one file in `<run>/report/` out. */
import type { Language } from '../../../contracts/text.ts'
import type { ReportModel } from '../report-model.ts'

export type ReportFile = {
  id: string
  /** Its name in `<run>/report/`. */
  fileName: string
  render: (model: ReportModel, language: Language) => string | Uint8Array
}
