/**
 * A pool of free texts in Vietnamese, made with faker from the seed: addresses and remarks as applicants write them, marked as tests.
 * Evaluating faker takes tens of milliseconds and megabytes, so k6 does it once per process (inside a SharedArray), not per virtual user.
 */
import { faker as fakerVI } from '@faker-js/faker/locale/vi'

export function notePool(seed: number, size: number): string[] {
  fakerVI.seed(seed)
  return Array.from({ length: size }, () =>
    `Địa chỉ thử: số ${fakerVI.number.int({ min: 1, max: 999 })}, khu ${fakerVI.number.int({ min: 1, max: 20 })}, ${fakerVI.location.city()}. ${fakerVI.lorem.sentence({ min: 4, max: 9 })}`.normalize('NFC'))
}
