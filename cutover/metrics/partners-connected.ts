/** `partners.connected(all|wave-N)`: the share of these partners that confirmed the connection; null for a wave without partners. */
import { partnersOf, WAVE_ARGUMENT, type Metric } from './metric.ts'

export const partnersConnected: Metric = {
  id: 'partners.connected',
  unit: 'ratio',
  arguments: WAVE_ARGUMENT,
  fixed: true,
  async measure(night, argument) {
    const partners = partnersOf(night, argument)
    if (partners.length === 0) return null
    return partners.filter((partner) => night.state.connected.has(partner.id)).length / partners.length
  },
}
