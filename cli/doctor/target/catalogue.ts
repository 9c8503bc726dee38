/** Whether the procedures that the load uses are published, province by province, as a citizen finds them on the new portal. */
import { PARTNERS } from '../../../contracts/reference/partners.ts'
import { PROCEDURES } from '../../../contracts/reference/procedures.ts'
import { byRole } from '../../../cutover/systems.ts'
import { at } from '../../../cutover/readers/map-row.ts'
import { both, each, lacks, ok, TIMEOUT_MS, unknown, type TargetCheck, type TargetFinding } from './check.ts'

const PROVINCES = PARTNERS.filter(({ kind }) => kind === 'province')
const SHOWN = 5

export const catalogue: TargetCheck = {
  id: 'catalogue', title: both('Danh mục thủ tục theo tỉnh', 'Catalogue per province'),
  async run({ target, wire }) {
    const portal = byRole(target, 'portal')
    if (portal.url === undefined) return [unknown('portal', 'không có địa chỉ', 'has no address')]
    const base = portal.url
    const findings = await each(PROVINCES, async ({ id }): Promise<TargetFinding[]> => {
      try {
        const { status, body } = await wire.ask(portal, new URL(`/api/services?q=&province=${id}`, base).href, { timeoutMs: TIMEOUT_MS, headers: { accept: 'application/json' } })
        const text = await body.text()
        if (status === 503) return [unknown(id, 'Cổng đang đóng, chưa kiểm tra được', 'the portal is closed, so that it cannot be told')]
        const services = status === 200 ? at(JSON.parse(text), 'services') : undefined
        if (!Array.isArray(services)) return [lacks(id, both(`không liệt kê được thủ tục (${status})`, `procedures cannot be listed (${status})`), both('kiểm tra Cổng', 'check the portal'))]
        const there = new Set(services.map((service: { procedureCode?: unknown }) => service.procedureCode))
        const missing = PROCEDURES.filter(({ code }) => !there.has(code)).map(({ code }) => code)
        return missing.length === 0 ? [ok(id, `${there.size} thủ tục`, `${there.size} procedures`)]
          : [lacks(id, both(`thiếu ${missing.length}: ${missing.slice(0, SHOWN).join(', ')}`, `${missing.length} missing: ${missing.slice(0, SHOWN).join(', ')}`), both('công khai thủ tục cho tỉnh này', 'publish them for this province'))]
      } catch (error) {
        return [lacks(id, both(`không hỏi được: ${(error as Error).message}`, `cannot be asked: ${(error as Error).message}`), both('kiểm tra Cổng', 'check the portal'))]
      }
    })
    // One line where all say the same.
    const first = findings[0]!
    return findings.every(({ status, found }) => status === first.status && found.en === first.found.en) ? [{ ...first, subject: `${findings.length} provinces` }] : findings
  },
}
