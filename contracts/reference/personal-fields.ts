/**
 * Fields of records that say who somebody is. A reader of a real system puts keyed pseudonyms in their place before anything reaches the disk; equal
 * values stay equal within a run, so that records can still be compared.
 */
export const PERSONAL_FIELDS: readonly string[] = [
  'applicantName', 'applicantId', 'applicantBirthDate', 'personId', 'personName', 'citizenId', 'name', 'fullName', 'birthDate', 'phone', 'email', 'address', 'account', 'accountHolder', 'payerName',
  'representative', 'clientIp', 'ip',
]

const NAMES = new Set(PERSONAL_FIELDS)

export function isPersonal(field: string): boolean { return NAMES.has(field) }
