/** Where a request comes from, by the peer's address alone: a region's gateway, a partner's own address, or inside. */
export type Origin = { region: string | null; partner: string | null }
/** Peer address → origin. */
export type Origins = Readonly<Record<string, Origin>>

const INSIDE: Origin = { region: 'inside', partner: null }

export function originOf(origins: Origins, peerAddress: string | undefined): Origin {
  return (peerAddress && origins[peerAddress]) || INSIDE
}
