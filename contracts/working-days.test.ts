import { describe, expect, it } from 'vitest'
import { isoHanoi } from './scenario-clock.ts'
import { dueDateRule } from './working-days.ts'

const due = dueDateRule()
const hanoi = (text: string) => Date.parse(`${text}+07:00`)

describe('a dossier is due at 17:00 on the fifth working day', () => {
  it.each([
    ['Monday morning', '2026-03-02T08:00:00', '2026-03-09T17:00:00+07:00'],
    ['Friday night, the documented one', '2026-04-10T21:00:00', '2026-04-17T17:00:00+07:00'],
    ['after midnight, still dark in UTC', '2026-04-11T01:00:00', '2026-04-17T17:00:00+07:00'],
    ['Sunday', '2026-05-31T12:00:00', '2026-06-05T17:00:00+07:00'],
    ['before the Hung Kings\' day, Reunification and Labour Day', '2026-04-24T10:00:00', '2026-05-06T17:00:00+07:00'],
    ['before the New Year\'s holidays', '2026-02-13T10:00:00', '2026-02-27T17:00:00+07:00'],
    ['over the turn of the year', '2025-12-30T10:00:00', '2026-01-07T17:00:00+07:00'],
  ])('submitted on %s', (_, submitted, expected) => { expect(isoHanoi(due(hanoi(submitted)))).toBe(expected) })

  it('without holidays only weekends count', () => {
    expect(isoHanoi(dueDateRule(new Set())(hanoi('2026-04-24T10:00:00')))).toBe('2026-05-01T17:00:00+07:00')
  })
})
