/** Share of answers with the new address, one curve a region, over the scenario clock around the switch. Regions differ by line and marker, not by colour alone. */
import type { EChartsOption } from 'echarts'
import { REGIONS } from '../../../contracts/reference/regions.ts'
import type { DnsConvergence } from '../measures/dns-convergence.ts'
import type { Html } from '../markup.ts'
import type { Page } from '../page.ts'
import { INK, QUIET, RULE, svgOf } from './svg.ts'
import { timeAxis, type TimeSpan } from './time-axis.ts'

const LOOKS = [
  { color: '#2c5f8a', type: 'solid', symbol: 'circle' }, { color: '#b06a00', type: [7, 3], symbol: 'triangle' }, { color: '#8a4f7d', type: [2, 2], symbol: 'rect' },
  { color: '#3f8f86', type: [9, 3, 2, 3], symbol: 'diamond' },
] as const
const BEFORE_MS = 30 * 60_000
const AFTER_MS = 75 * 60_000

export function dnsChart(page: Page, dns: DnsConvergence, night: TimeSpan): Html {
  const span = dnsSpan(dns, night)
  const option: EChartsOption = {
    grid: { left: 64, right: 28, top: 40, bottom: 52 },
    legend: { top: 4, left: 60, itemWidth: 44, textStyle: { color: INK, fontSize: 12.5 } },
    xAxis: timeAxis(span, { labels: true, name: page.say('scenarioClock') }),
    yAxis: { type: 'value', min: 0, max: 100, interval: 25, axisLabel: { formatter: '{value} %', color: QUIET }, splitLine: { lineStyle: { color: RULE } } },
    series: dns.regions.map((region, order) => {
      const look = LOOKS[order % LOOKS.length]!
      const points = region.curve.filter(({ at }) => at >= span.from && at <= span.to)
      return {
        type: 'line' as const, name: regionName(page, region.region), color: look.color, symbol: look.symbol, symbolSize: 6, silent: true,
        // Curves that lie on each other stay apart to the eye.
        showSymbol: true, showAllSymbol: false, lineStyle: { width: 2.4, type: look.type as 'solid' }, z: 3 + order,
        data: points.map(({ at, share }) => [at, Math.round(share * 1000) / 10 - order * 0.8]),
        ...(order === 0 && dns.switchedAt !== null ? { markLine: { silent: true, symbol: 'none', lineStyle: { color: '#a4262c', width: 1.5, type: 'solid' as const }, label: { formatter: `${page.say('dnsSwitch')} ${page.clock(dns.switchedAt)}`, color: '#a4262c', fontSize: 12, position: 'end' as const }, data: [{ xAxis: dns.switchedAt }] } } : {}),
      }
    }),
  }
  return svgOf({ id: page.anchor('dns-chart'), width: 1180, height: 300, title: page.say('dns'), description: page.say('dnsIntro', { n: dns.bucketScenarioMs / 60_000 }), option })
}

/** Around the switch; the whole night where there was none. */
function dnsSpan(dns: DnsConvergence, night: TimeSpan): TimeSpan {
  if (dns.switchedAt === null) return night
  return { from: Math.max(night.from, dns.switchedAt - BEFORE_MS), to: Math.min(night.to, dns.switchedAt + AFTER_MS) }
}

export function regionName(page: Page, id: string): string {
  const region = REGIONS.find((candidate) => candidate.id === id)
  return region ? page.pick(region.title) : id
}
