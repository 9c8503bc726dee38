/**
 * Small rates are raised so that a criterion has something to judge: whole flows to `atLeast` iterations, rare fates of dossiers to `actsAtLeast`, but
 * never above `raisedAtMost` of what they are part of. Whatever was raised says so in its line.
 */
import type { FATE_SHARES } from '../cast/fate.ts'
import { texts, type DerivationLine } from './lines.ts'
import type { Mix } from './mix.ts'

type FateShare = (typeof FATE_SHARES)[number]

const FATE_TITLES: Record<FateShare, DerivationLine['what']> = {
  desk: { vi: 'Giải quyết trên hệ thống của đơn vị', en: 'Handled on the partner\'s own system' },
  refused: { vi: 'Từ chối tiếp nhận', en: 'Refused' },
  outside: { vi: 'Tiếp nhận ngoài địa bàn', en: 'Received outside the territory' },
  supplement: { vi: 'Yêu cầu bổ sung', en: 'Supplement asked for' },
  withdrawn: { vi: 'Công dân rút hồ sơ', en: 'Withdrawn by the citizen' },
  stopped: { vi: 'Dừng giải quyết', en: 'Stopped' },
  counter: { vi: 'Nộp tại quầy', en: 'Paid at the counter' },
}

export class Raising {
  readonly #mix: Mix
  constructor(mix: Mix) { this.#mix = mix }

  count(count: number): number { return Math.max(count, Math.round(this.#mix.atLeast.value)) }

  /** Shares of fates, each of the dossiers that come to it: `direct` submitted, of whom `payShare` pay online. */
  fates(direct: number, payShare: number): { shares: Record<FateShare, number>; lines: DerivationLine[] } {
    const shares = {} as Record<FateShare, number>
    const lines: DerivationLine[] = []
    const decide = (fate: FateShare, of: number) => {
      const { value, assumption } = this.#mix.fates[fate]
      const { actsAtLeast, raisedAtMost } = this.#mix
      const share = Math.max(value, Math.min(raisedAtMost.value, actsAtLeast.value / Math.max(1, of)))
      shares[fate] = share
      lines.push({
        what: FATE_TITLES[fate], value: share, unit: { vi: 'tỷ lệ', en: 'share' }, basis: { assumption: share > value ? actsAtLeast.assumption : assumption },
        how: share > value ? texts((n) => `${n(actsAtLeast.value)} / ${n(Math.round(of))} (${n(value)} ↑)`) : texts((n) => `${n(value)} × ${n(Math.round(of))}`),
      })
      return share
    }
    decide('counter', direct * (1 - payShare))
    const atPortal = direct * (1 - decide('desk', direct))
    const received = atPortal * (1 - decide('refused', atPortal))
    decide('outside', received)
    const going = received * (1 - decide('withdrawn', received))
    decide('supplement', going)
    decide('stopped', going)
    return { shares, lines }
  }
}
