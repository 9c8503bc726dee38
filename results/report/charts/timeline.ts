/**
 * The runbook as bars over the scenario clock, with load and errors under it on the same axis. In: bars, load (may be missing), the window.
 * Outcome is told by word and sign beside each bar, colour only in addition; gates are diamonds; a small tick marks the planned start.
 */
import type { CustomSeriesOption, CustomSeriesRenderItemAPI, CustomSeriesRenderItemParams, CustomSeriesRenderItemReturn, EChartsOption, LegendComponentOption, LineSeriesOption, YAXisComponentOption } from 'echarts'
import { LOAD_GROUPS, type LoadGroup, type LoadTimeline } from '../measures/load-timeline.ts'
import type { Page } from '../page.ts'
import type { BarOutcome, RunbookBar } from '../runbook-bars.ts'
import { FONT, INK, QUIET, RULE, svgOf } from './svg.ts'
import { timeAxis, type TimeSpan } from './time-axis.ts'
import type { Html } from '../markup.ts'

export const WIDTH = 1180
/** Columns left of the axis: title, then owner. */
const OWNER_AT = 232
const LEFT = 392
const ROW = 25
const LOAD_HEIGHT = 150
const ERROR_HEIGHT = 58

const SIGN: Record<BarOutcome, string> = { 'done': '✓', 'go': '✓', 'not-done': '▲', 'no-go': '✕', 'error': '✕', 'running': '…', 'not-reached': '–' }
const BAR_COLOR: Record<BarOutcome, string> = {
  'done': '#2c5f8a', 'go': '#1d6b45', 'not-done': '#b06a00', 'no-go': '#a4262c', 'error': '#a4262c', 'running': '#7b8794', 'not-reached': '#b8c0c8',
}
const GROUP_COLOR: Record<LoadGroup, string> = { citizens: '#2c5f8a', staff: '#7a6a4f', payments: '#c29032', sms: '#8a4f7d', dossierSync: '#3f8f86', statusSync: '#a9bf6b' }
const FAIL_COLOR = '#a4262c'
const INFO_COLOR = '#d08a2e'

export function timelineChart(page: Page, span: TimeSpan): Html {
  const { bars, load } = page.model
  const rowsHeight = bars.length * ROW
  const loadTop = 14 + rowsHeight + 22
  const errorTop = loadTop + LOAD_HEIGHT + 18
  const height = load ? errorTop + ERROR_HEIGHT + 52 : 14 + rowsHeight + 52
  const option: EChartsOption = {
    grid: [
      { left: LEFT, right: 28, top: 14, height: rowsHeight },
      ...(load ? [{ left: LEFT, right: 28, top: loadTop, height: LOAD_HEIGHT }, { left: LEFT, right: 28, top: errorTop, height: ERROR_HEIGHT }] : []),
    ],
    xAxis: [
      timeAxis(span, { labels: !load, ...(load ? {} : { name: page.say('scenarioClock') }) }),
      ...(load ? [timeAxis(span, { labels: false, gridIndex: 1 }), timeAxis(span, { labels: true, gridIndex: 2, name: page.say('scenarioClock') })] : []),
    ],
    yAxis: [
      rowAxis(bars),
      ...(load ? [rateAxis(1, page.say('loadAxis')), rateAxis(2, page.say('errorAxis'))] : []),
    ],
    legend: load ? [legend(loadTop, LOAD_GROUPS.toReversed().map((group) => page.say(`load.${group}`))), legend(errorTop, [page.say('outcome.info'), page.say('outcome.fail')])] : [],
    series: [barSeries(page, bars, span), ...(load ? [...loadSeries(page, load), ...errorSeries(page, load)] : [])],
  }
  return svgOf({ id: page.anchor('timeline-chart'), width: WIDTH, height, title: page.say('timeline'), description: page.say('timelineIntro'), option })
}

/** Its labels are drawn with the bars, in two columns: without a browser the library cannot measure text well enough to put them behind each other. */
function rowAxis(bars: readonly RunbookBar[]): YAXisComponentOption {
  return {
    type: 'category', inverse: true, data: bars.map((_, index) => String(index)), axisLine: { show: false }, axisTick: { show: false }, axisLabel: { show: false },
    splitLine: { show: true, lineStyle: { color: RULE } },
  }
}

function legend(top: number, data: string[]): LegendComponentOption {
  return { left: 0, top, orient: 'vertical', icon: 'rect', itemWidth: 13, itemHeight: 10, itemGap: 7, padding: 4, textStyle: { color: INK, fontSize: 12 }, data }
}

function rateAxis(gridIndex: number, name: string): YAXisComponentOption {
  return {
    type: 'value', gridIndex, min: 0, minInterval: 1, splitNumber: gridIndex === 1 ? 4 : 2, name, nameLocation: 'middle', nameGap: 44, nameRotate: 90, nameTextStyle: { color: QUIET, fontSize: 12 },
    axisLabel: { color: QUIET, fontSize: 11 }, splitLine: { lineStyle: { color: RULE } },
  }
}

function barSeries(page: Page, bars: readonly RunbookBar[], span: TimeSpan): CustomSeriesOption {
  return {
    type: 'custom', xAxisIndex: 0, yAxisIndex: 0, silent: true, encode: { x: 1, y: 0 },
    data: bars.map((bar, index) => [index, bar.beganAt ?? bar.plannedAt ?? span.from]),
    renderItem: (_: CustomSeriesRenderItemParams, api: CustomSeriesRenderItemAPI): CustomSeriesRenderItemReturn => {
      const index = Number(api.value(0))
      return drawBar(page, bars[index]!, index, api, span)
    },
  }
}

function drawBar(page: Page, bar: RunbookBar, index: number, api: CustomSeriesRenderItemAPI, span: TimeSpan): CustomSeriesRenderItemReturn {
  const x = (at: number) => api.coord([Math.min(span.to, Math.max(span.from, at)), index])[0]!
  const y = api.coord([span.from, index])[1]!
  const fill = BAR_COLOR[bar.outcome]
  const planned = bar.plannedAt === null ? [] : [{ type: 'line' as const, shape: { x1: x(bar.plannedAt), x2: x(bar.plannedAt), y1: y - 10, y2: y + 10 }, style: { stroke: QUIET, lineWidth: 1, lineDash: [2, 2] } }]
  const words = (text: string, left: number, fontSize: number, color: string) => ({ type: 'text' as const, style: { text, x: left, y, verticalAlign: 'middle' as const, fill: color, fontSize, fontFamily: FONT } })
  const names = [words(cut(page.pick(bar.title), 34), 4, 12.5, INK), words(cut(bar.ownerName, 26), OWNER_AT, 11, QUIET)]
  const label = `${SIGN[bar.outcome]} ${page.say(`bar.${bar.outcome}`)}${bar.undone ? ` · ${page.say('undone')}` : ''}`
  const began = bar.beganAt === null ? null : x(bar.beganAt)
  const ended = bar.endedAt ?? (bar.beganAt === null ? null : lastKnown(page))
  const endX = ended === null ? null : x(ended)
  const right = Math.max((began ?? x(bar.plannedAt ?? span.from)) + 8, endX ?? 0)
  // Where the window ends close by, the word stands before the bar.
  const before = right + 90 > x(span.to)
  const text = { type: 'text' as const, style: { text: label, x: before ? (began ?? right) - 14 : right + 6, y, align: before ? 'right' as const : 'left' as const, verticalAlign: 'middle' as const, fill: bar.outcome === 'done' || bar.beganAt === null ? QUIET : fill, fontSize: 11.5, fontFamily: FONT } }
  if (began === null || endX === null) return { type: 'group', children: [...names, ...planned, text] }
  const shape = bar.kind === 'gate'
    ? { type: 'polygon' as const, shape: { points: [[began, y - 8], [began + 8, y], [began, y + 8], [began - 8, y]] }, style: { fill } }
    : { type: 'rect' as const, shape: { x: began, y: y - 6, width: Math.max(5, endX - began), height: 12, r: 2 }, style: { fill } }
  return { type: 'group', children: [...names, ...planned, shape, text] }
}

/** A step that was cut short is drawn up to the last moment that the journal knows. */
function lastKnown(page: Page): number { return Math.max(...page.model.journal.map((entry) => entry.scenarioAt)) }

function loadSeries(page: Page, load: LoadTimeline): LineSeriesOption[] {
  return LOAD_GROUPS.map((group) => area(page.say(`load.${group}`), load, load.groups[group], GROUP_COLOR[group], 1, 'load'))
}

function errorSeries(page: Page, load: LoadTimeline): LineSeriesOption[] {
  return [area(page.say('outcome.fail'), load, load.fail, FAIL_COLOR, 2, 'errors'), area(page.say('outcome.info'), load, load.info, INFO_COLOR, 2, 'errors')]
}

function area(name: string, load: LoadTimeline, counts: readonly number[], color: string, at: number, stack: string): LineSeriesOption {
  return {
    type: 'line', name, stack, xAxisIndex: at, yAxisIndex: at, step: 'middle', symbol: 'none', silent: true, color, lineStyle: { width: 0 }, areaStyle: { color, opacity: 0.85 },
    data: counts.map((count, bucket) => [load.middles[bucket]!, count * 1_000 / load.bucketWallMs]),
  }
}

function cut(text: string, length: number): string { return text.length > length ? `${text.slice(0, length - 1)}…` : text }
