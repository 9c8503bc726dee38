import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Language } from '../../../contracts/text.ts'
import { byId, elements, readMarkup, textOf, type Element } from '../markup-reader.ts'
import { buildModel, type ReportModel } from '../report-model.ts'
import { writeSampleLoad } from '../sample/sample-load.ts'
import { writeSampleRun, type SampleKind } from '../sample/sample-run.ts'
import { htmlPage } from './html.ts'

const directory = mkdtempSync(join(tmpdir(), 'report-html-'))
const models = {} as Record<SampleKind | 'load', ReportModel>
beforeAll(async () => {
  for (const kind of ['clean', 'findings', 'interrupted'] as const) models[kind] = await buildModel(writeSampleRun(join(directory, kind), { kind }))
  models.load = await buildModel(writeSampleLoad(join(directory, 'load')))
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const page = (model: ReportModel, language: Language = 'vi') => readMarkup(String(htmlPage.render(model, language)))
const half = (root: Element, language: Language) => elements(root, 'main').find((main) => main.attributes['lang'] === language)!
const has = (element: Element, name: string) => (element.attributes['class'] ?? '').split(' ').includes(name)

/** Headings, captions, column heads and charts in reading order: what the page is made of, without the figures. */
function outline(main: Element): string {
  return elements(main).flatMap((element) => {
    const text = textOf(element).replace(/\s+/g, ' ').trim()
    if (/^h[123]$/.test(element.name)) return [`${'#'.repeat(Number(element.name[1]))} ${text}`]
    if (element.name === 'caption') return [`  [${text}]`]
    if (element.name === 'summary') return [`  ▸ ${text}`]
    if (element.name === 'tr' && element.parent!.name === 'thead') return [`  | ${elements(element, 'th').map(textOf).join(' | ')} | (${elements(element.parent!.parent!, 'tr').length - 1})`]
    if (element.name === 'svg' && element.attributes['role'] === 'img') return [`  ~ ${textOf(elements(element, 'title')[0]!)}`]
    return []
  }).join('\n')
}

describe.each(['findings', 'clean', 'interrupted', 'load'] as const)('%s', (kind) => {
  test.each(['vi', 'en'] as const)('structure in %s', async (language) => {
    await expect(`${outline(half(page(models[kind]), language))}\n`).toMatchFileSnapshot(`golden/${kind}.${language}.txt`)
  })

  test('asks nothing of any network, runs no script', () => {
    const text = String(htmlPage.render(models[kind], 'vi'))
    const root = readMarkup(text)
    for (const element of elements(root)) {
      expect(['script', 'link', 'img', 'iframe', 'object', 'embed', 'base', 'form', 'use', 'image', 'foreignObject']).not.toContain(element.name)
      for (const [name, value] of Object.entries(element.attributes)) {
        expect(name).not.toMatch(/^on|^src|^srcset|^data$|^action|^xlink/)
        if (name === 'href') expect(value).toMatch(/^#/)
        if (name !== 'title') expect(value).not.toMatch(/https?:|javascript:|url\(\s*["']?[^#"']/i)
      }
    }
    for (const style of elements(root, 'style')) expect(textOf(style)).not.toMatch(/@import|url\(|https?:/)
    const policy = elements(root, 'meta').find((meta) => meta.attributes['http-equiv'] === 'Content-Security-Policy')!
    expect(policy.attributes['content']).toContain('default-src \'none\'')
  })

  test('ids are unique, every inner link leads somewhere', () => {
    const root = page(models[kind])
    const ids = elements(root).flatMap((element) => element.attributes['id'] ?? [])
    expect(ids).toHaveLength(new Set(ids).size)
    for (const link of elements(root, 'a')) expect(ids).toContain(link.attributes['href']!.slice(1))
    for (const element of elements(root)) for (const id of (element.attributes['aria-labelledby'] ?? '').split(' ').filter(Boolean)) expect(ids).toContain(id)
  })

  test('tables have heads with scope, charts have a title and a description', () => {
    const root = page(models[kind])
    for (const head of elements(root, 'th')) expect(['col', 'row']).toContain(head.attributes['scope'])
    for (const svg of elements(root, 'svg')) {
      if (svg.attributes['aria-hidden'] === 'true') continue
      expect(svg.attributes['role']).toBe('img')
      expect(elements(svg, 'desc').map(textOf).join('').length).toBeGreaterThan(20)
    }
  })

  test('same run, same bytes', async () => {
    const again = await buildModel(join(directory, kind))
    expect(htmlPage.render(again, 'en')).toBe(htmlPage.render(models[kind], 'en'))
  })
})

test('opens in the language asked for, holds both', () => {
  for (const language of ['vi', 'en'] as const) {
    const root = page(models.findings, language)
    expect(elements(root, 'html')[0]!.attributes['lang']).toBe(language)
    expect(elements(root, 'input').filter((input) => 'checked' in input.attributes).map((input) => input.attributes['id'])).toEqual([`choose-${language}`])
    expect(elements(root, 'main').map((main) => main.attributes['lang'])).toEqual(['vi', 'en'])
  }
  const root = page(models.findings)
  expect(textOf(elements(half(root, 'vi'), 'h1')[0]!)).toBe('Không đạt')
  expect(textOf(elements(half(root, 'en'), 'h1')[0]!)).toBe('Fail')
  expect(textOf(byId(root, 'vi-partners'))).toContain('1.678')
  expect(textOf(byId(root, 'en-partners'))).toContain('1,678')
})

test('the first screen says it all in order: verdict, simulated, assumptions, partners, key figures', () => {
  const main = half(page(models.findings), 'en')
  const text = textOf(main)
  const order = ['Fail', 'embedded', '140×', '20260410', models.findings.runId, models.findings.plan!.planHash, 'Simulated', '50 ministries', 'Assumptions behind the figures: 4', 'Ministry of Justice', 'Key figures', 'Runbook and load']
  const places = order.map((piece) => (piece === 'Key figures' ? text.indexOf('Operations per real second') : text.indexOf(piece)))
  expect(places.every((place) => place >= 0)).toBe(true)
  expect(places).toEqual(places.toSorted((a, b) => a - b))
})

test('unfinished partners come first and say what is missing; complete ones say so in a word', () => {
  const rows = elements(byId(page(models.findings), 'vi-partners'), 'tr').filter((row) => row.parent!.name === 'tbody')
  expect(rows).toHaveLength(50)
  expect(textOf(rows[0]!).replace(/\s+/g, ' ')).toContain('Bộ Tư pháp 1.678')
  expect(textOf(rows[0]!)).toContain('thiếu 73')
  expect(rows.filter((row) => has(row, 'complete'))).toHaveLength(48)
  expect(elements(byId(page(models.clean), 'vi-partners'), 'tr').filter((row) => has(row, 'unfinished'))).toEqual([])
})

test('hostile data stays text everywhere', async () => {
  const evil = '"><script>alert(1)</script><img src=x onerror=alert(2)>{{}}&'
  const alterFindings = (findings: ReportModel['findings']) => findings.map((finding) => ({
    ...finding, id: evil, class: evil, system: evil, unit: evil, since: evil, cause: evil, measure: evil, deadline: evil, rerunCondition: evil, power: evil,
    examples: finding.examples.map((example) => ({ dossierCode: evil, procedureCode: evil, time: evil, step: evil, errorText: evil, statuses: { [evil]: evil }, evidence: [{ file: evil, lines: [1] }], ...(example.errorText ? {} : { errorText: null }) })),
  }))
  const model = await buildModel(writeSampleRun(join(directory, 'evil'), { alterFindings }))
  const plan = model.plan!
  plan.runbook.title = { vi: evil, en: evil }
  plan.target.name = evil
  plan.assumptions.push({ vi: evil, en: evil })
  for (const bar of model.bars) { bar.title = { vi: evil, en: evil }; bar.ownerName = evil; bar.note = evil }
  model.partners[0]!.title = { vi: evil, en: evil }
  model.verdict!.criteria[0] = { id: evil, expected: evil, observed: evil, status: 'fail', evidence: [{ file: evil, lines: [] }] }
  model.verdict!.figures.unshift({ id: evil, value: 1, unit: evil, source: evil })
  model.outcome!.validity.push(evil)
  model.outcome!.faults.push({ id: evil, planted: true, effective: true, note: evil })
  model.gaps.push({ file: evil, kind: 'unreadable', detail: evil })
  model.latency[0]!.flow = evil
  model.dns!.regions[0]!.region = evil
  model.runId = evil
  const root = page(model)
  expect(elements(root, 'script')).toEqual([])
  expect(elements(root, 'img')).toEqual([])
  expect(textOf(root).split('<script>').length).toBeGreaterThan(60)
})

test('faults are shown only where the outcome tells them', () => {
  expect(textOf(byId(page(models.findings), 'vi-simulated'))).toContain('dns-uneven')
  expect(textOf(byId(page(models.clean), 'vi-simulated'))).not.toContain('Sự cố được cài')
})

test('an interrupted run says what is missing and claims nothing', () => {
  const main = half(page(models.interrupted), 'en')
  expect(textOf(elements(main, 'h1')[0]!)).toBe('Interrupted')
  expect(textOf(byId(page(models.interrupted), 'en-gaps'))).toContain('history/w1.ndjson')
  expect(textOf(main)).toContain('what was synced is not known')
  expect(textOf(main)).not.toMatch(/\d+ of \d+ complete/)
})

test('an empty run folder still gives a page', async () => {
  const model = await buildModel(join(directory, 'nothing-there'))
  const root = page(model)
  expect(textOf(elements(half(root, 'vi'), 'h1')[0]!)).toBe('Chưa có phán quyết')
  expect(textOf(byId(root, 'vi-gaps'))).toContain('plan.json')
})

test('"Mô phỏng" heads only what was simulated', async () => {
  const model = await buildModel(join(directory, 'clean'))
  expect(elements(byId(page(model), 'vi-simulated'), 'h2').map(textOf)).toContain('Mô phỏng')
  model.simulated = { partners: { real: 50, simulated: 0, absent: 0 }, systems: model.simulated.systems.map((system) => ({ ...system, mode: 'real' })), approvals: [], referenceStack: false }
  expect(elements(byId(page(model), 'vi-simulated'), 'h2').map(textOf)).not.toContain('Mô phỏng')
  expect(textOf(byId(page(model), 'vi-simulated'))).toContain('Không có phần nào mô phỏng')
})

test('a run that stopped itself says why; breaches are listed with their end', async () => {
  const model = await buildModel(join(directory, 'clean'))
  const stamp = { v: 1 as const, at: 0, scenarioAt: Date.parse('2026-04-10T22:30:00+07:00') }
  model.aborted = 'gate go-no-go: sync.pending(all) == 0 was 3'
  model.journal.push(
    { ...stamp, seq: 900, kind: 'watch', id: 'steady-state', event: 'breach', condition: 'portal.errorRate < 2%', observed: 0.04 },
    { ...stamp, seq: 901, kind: 'watch', id: 'steady-state', event: 'recovered', condition: 'portal.errorRate < 2%', observed: 0.01, scenarioAt: stamp.scenarioAt + 600_000 },
    { ...stamp, seq: 902, kind: 'watch', id: 'bulk-copy', event: 'breach', condition: 'portal.errorRate < 2%', observed: null },
  )
  const root = page(model)
  expect(textOf(elements(half(root, 'en'), 'header')[0]!)).toContain('sync.pending(all) == 0 was 3')
  const timeline = textOf(byId(root, 'en-timeline'))
  expect(timeline).toContain('Breaches of the watch (2)')
  expect(timeline).toContain('22:40')
  expect(timeline).toContain('not recovered')
  expect(textOf(byId(page(models.clean), 'en-timeline'))).not.toContain('Breaches of the watch')
})

test('a load shows both peaks of its day, planned and begun, and nothing of a cutover', () => {
  const { planned, begun, middles } = models.load.arrivals!
  const hourOf = (at: number) => new Date(at + 7 * 3_600_000).getUTCHours()
  const highest = (counts: readonly number[], from: number, to: number) => Math.max(...counts.filter((_, bucket) => hourOf(middles[bucket]!) >= from && hourOf(middles[bucket]!) < to))
  for (const counts of [planned, begun.citizen, begun.staff, begun.partner]) {
    const [morning, noon, afternoon, evening] = [highest(counts, 9, 10), highest(counts, 12, 13), highest(counts, 14, 15), highest(counts, 18, 20)]
    for (const peak of [morning, afternoon]) {
      expect(peak).toBeGreaterThan(1.8 * noon!)
      expect(peak).toBeGreaterThan(4 * evening!)
    }
  }
  const text = textOf(half(page(models.load, 'en'), 'en'))
  expect(text).not.toContain('DNS convergence')
  expect(text).toContain('Submitted → the handling unit holds it')
  expect(text).toContain('Phase morning-peak · 09:00–10:00')
  expect(text).toContain('No document gives it')
})
