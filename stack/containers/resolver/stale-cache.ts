/** A cache that holds one address of one name, in the form that Unbound's load_cache reads (the one that dump_cache writes). */
const ANSWER_FLAGS = 0x8180
const TRUST_OF_AN_ANSWER = 8
const SECURITY_UNCHECKED = 0

export function staleCache(name: string, address: string, ttlS: number): string[] {
  return [
    'START_RRSET_CACHE',
    `;rrset ${ttlS} 1 0 ${TRUST_OF_AN_ANSWER} ${SECURITY_UNCHECKED}`,
    `${name}.\t${ttlS}\tIN\tA\t${address}`,
    'END_RRSET_CACHE',
    'START_MSG_CACHE',
    `msg ${name}. IN A ${ANSWER_FLAGS} 1 ${ttlS} ${SECURITY_UNCHECKED} 1 0 0`,
    `${name}. IN A 0`,
    'END_MSG_CACHE',
    'EOF',
  ]
}
