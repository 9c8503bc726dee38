/**
 * Share of answers with the new address over the scenario clock around the switch: one strip a region under the other, so that regions which
 * move together do not hide each other and the eye compares the moments along one vertical.
 */
import type { EChartsOption, LineSeriesOption } from 'echarts'
import { REGIONS } from '../../../contracts/reference/regions.ts'
import type { DnsConvergence, RegionConvergence } from '../measures/dns-convergence.ts'
import type { Html } from '../markup.ts'
import type { Page } from '../page.ts'
import { QUIET, RULE, svgOf } from './svg.ts'
import { timeAxis, type TimeSpan } from './time-axis.ts'

const LEFT = 150
const STRIP = 62
const GAP = 18
const TOP = 26
const MOVED = '#2c5f8a'
const STUCK = '#a4262c'
const QUARTER_MS = 15 * 60_000
const AFTER_MS = 75 * 60_000

export function dnsChart(page: Page, dns: DnsConvergence, night: TimeSpan): Html {
  const span = dnsSpan(dns, night)
  const last = dns.regions.length - 1
  const top = (order: number) => TOP + order * (STRIP + GAP)
  const option: EChartsOption = {
    grid: dns.regions.map((_, order) => ({ left: LEFT, right: 28, top: top(order), height: STRIP })),
    xAxis: dns.regions.map((_, order) => timeAxis(span, { labels: order === last, gridIndex: order, ...(order === last ? { name: page.say('scenarioClock') } : {}) })),
    yAxis: dns.regions.map((_, order) => ({ type: 'value' as const, gridIndex: order, min: 0, max: 100, interval: 50, axisLabel: { formatter: '{value} %', color: QUIET, fontSize: 11 }, splitLine: { lineStyle: { color: RULE } } })),
    series: dns.regions.map((region, order) => strip(page, dns, region, order, span)),
    title: dns.regions.map((region, order) => ({
      text: regionName(page, region.region), subtext: region.profile, left: 0, top: top(order) + 8, padding: 0, itemGap: 3,
      textStyle: { fontSize: 13, fontWeight: 'bold' as const }, subtextStyle: { fontSize: 11, color: QUIET },
    })),
  }
  return svgOf({ id: page.anchor('dns-chart'), width: 1180, height: top(last) + STRIP + 50, title: page.say('dns'), description: page.say('dnsIntro', { n: dns.bucketScenarioMs / 60_000 }), option })
}

function strip(page: Page, dns: DnsConvergence, region: RegionConvergence, order: number, span: TimeSpan): LineSeriesOption {
  const color = region.converged === false ? STUCK : MOVED
  return {
    type: 'line', name: regionName(page, region.region), xAxisIndex: order, yAxisIndex: order, symbol: 'none', silent: true, color,
    lineStyle: { width: 2.6, color }, areaStyle: { color, opacity: 0.14 }, clip: false,
    data: region.curve.filter(({ at }) => at >= span.from && at <= span.to).map(({ at, share }) => [at, Math.round(share * 1000) / 10]),
    ...(dns.switchedAt === null ? {} : { markLine: {
      silent: true, symbol: 'none', lineStyle: { color: '#1c2b3a', width: 1.5, type: [5, 3] }, data: [{ xAxis: dns.switchedAt }],
      label: { show: order === 0, formatter: `${page.say('dnsSwitch')} ${page.clock(dns.switchedAt)}`, color: '#1c2b3a', fontSize: 12, position: 'end' as const },
    } }),
  }
}

/** Around the switch, in whole quarters of an hour; the whole night where there was none. */
function dnsSpan(dns: DnsConvergence, night: TimeSpan): TimeSpan {
  if (dns.switchedAt === null) return night
  const quarter = Math.floor(dns.switchedAt / QUARTER_MS) * QUARTER_MS
  return { from: Math.max(night.from, quarter - QUARTER_MS), to: Math.min(night.to, quarter + AFTER_MS) }
}

export function regionName(page: Page, id: string): string {
  const region = REGIONS.find((candidate) => candidate.id === id)
  return region ? page.pick(region.title) : id
}
