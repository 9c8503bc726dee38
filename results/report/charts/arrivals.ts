/** Iterations a second of the wall clock over the scenario clock: what began as stacked areas by actor, what was planned as a line above them. */
import type { EChartsOption, LineSeriesOption } from 'echarts'
import { ARRIVAL_ACTORS, type ArrivalActor, type Arrivals } from '../measures/arrivals.ts'
import type { Html } from '../markup.ts'
import type { Page } from '../page.ts'
import { INK, QUIET, RULE, svgOf } from './svg.ts'
import { timeAxis, type TimeSpan } from './time-axis.ts'

const LEFT = 150
const TOP = 16
const HEIGHT = 220
const COLOR: Record<ArrivalActor, string> = { citizen: '#2c5f8a', staff: '#7a6a4f', partner: '#3f8f86' }

export function arrivalsChart(page: Page, arrivals: Arrivals, span: TimeSpan): Html {
  const perSecond = (count: number) => count * 1_000 / arrivals.bucketWallMs
  const points = (counts: readonly number[]) => counts.map((count, bucket) => [arrivals.middles[bucket]!, Number(perSecond(count).toFixed(3))])
  const area = (actor: ArrivalActor): LineSeriesOption => ({
    type: 'line', name: page.say(`actor.${actor}`), stack: 'begun', step: 'middle', symbol: 'none', silent: true, color: COLOR[actor], lineStyle: { width: 0 }, areaStyle: { color: COLOR[actor], opacity: 0.85 },
    data: points(arrivals.begun[actor]),
  })
  const option: EChartsOption = {
    grid: [{ left: LEFT, right: 28, top: TOP, height: HEIGHT }],
    xAxis: [timeAxis(span, { labels: true, name: page.say('scenarioClock') })],
    yAxis: [{
      type: 'value', min: 0, name: page.say('arrivalAxis'), nameLocation: 'middle', nameGap: 44, nameRotate: 90, nameTextStyle: { color: QUIET, fontSize: 12 }, axisLabel: { color: QUIET, fontSize: 11 },
      splitLine: { lineStyle: { color: RULE } },
    }],
    legend: [{ left: 0, top: TOP, orient: 'vertical', itemWidth: 13, itemHeight: 10, itemGap: 7, padding: 4, textStyle: { color: INK, fontSize: 12 }, data: [page.say('planned'), ...ARRIVAL_ACTORS.map((actor) => page.say(`actor.${actor}`))] }],
    series: [
      ...ARRIVAL_ACTORS.map(area),
      { type: 'line', name: page.say('planned'), symbol: 'none', silent: true, color: INK, lineStyle: { width: 1.8, color: INK, type: [6, 3] }, data: points(arrivals.planned) },
    ],
  }
  return svgOf({ id: page.anchor('arrivals-chart'), width: 1180, height: TOP + HEIGHT + 52, title: page.say('arrivals'), description: page.say('arrivalsIntro', { n: page.number(arrivals.begunTotal), m: page.number(arrivals.plannedTotal) }), option })
}
