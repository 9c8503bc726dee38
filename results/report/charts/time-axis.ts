/** The scenario axis that all charts of a night share: epoch ms, a tick at every full hour, or every quarter where the span is short. */
import type { XAXisComponentOption } from 'echarts'
import { printClock } from '../print-values.ts'
import { QUIET, RULE } from './svg.ts'

const HOUR_MS = 3_600_000

export type TimeSpan = { from: number; to: number }

export function timeAxis({ from, to }: TimeSpan, options: { labels: boolean; gridIndex?: number; name?: string }): XAXisComponentOption {
  return {
    type: 'value', min: from, max: to, interval: to - from > 3 * HOUR_MS ? HOUR_MS : HOUR_MS / 4, gridIndex: options.gridIndex ?? 0,
    axisLine: { show: options.labels, lineStyle: { color: QUIET } }, axisTick: { show: options.labels, lineStyle: { color: QUIET } },
    axisLabel: { show: options.labels, color: QUIET, fontSize: 12, formatter: (value: number) => printClock(value, value), showMinLabel: true, showMaxLabel: true },
    splitLine: { show: true, lineStyle: { color: RULE } },
    ...(options.name ? { name: options.name, nameLocation: 'middle' as const, nameGap: 28, nameTextStyle: { color: QUIET, fontSize: 12 } } : {}),
  }
}
