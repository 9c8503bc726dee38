/**
 * The few accounts that are not what their name says: missing, or with permissions withheld. Table `staff_exceptions` is kept in memory and read
 * again whenever PostgreSQL tells of a change to it, so that no request asks for it.
 */
import pg from 'pg'
import type { StaffAccount } from '../../../contracts/reference/staff.ts'

export type StaffExceptions = {
  /** The account as it is; undefined where it is missing. */
  applyTo: (account: StaffAccount) => StaffAccount | undefined
  close: () => Promise<void>
}

const AGAIN_MS = 1_000

export async function watchStaffExceptions(databaseUrl: string): Promise<StaffExceptions> {
  let exceptions = new Map<string, { missing: boolean; withheld: string[] }>()
  let listener: pg.Client | undefined
  let again: NodeJS.Timeout | undefined
  let closed = false

  async function read(client: pg.Client): Promise<void> {
    const { rows } = await client.query<{ account: string; missing: boolean; withheld: string[] }>('select account, missing, withheld from staff_exceptions')
    exceptions = new Map(rows.map(({ account, ...rest }) => [account, rest]))
  }

  async function listen(): Promise<void> {
    const client = new pg.Client({ connectionString: databaseUrl, application_name: 'coordination-exceptions' })
    client.on('error', () => {})
    client.on('notification', () => { read(client).catch(() => {}) })
    const ended = new Promise<void>((resolve) => { client.once('end', resolve) })
    try {
      await client.connect()
      await client.query('listen staff_exceptions')
      // Also what changed while nobody listened.
      await read(client)
    } catch (error) {
      await client.end().catch(() => {})
      throw error
    }
    listener = client
    void ended.then(listenAgain)
  }

  function listenAgain(): void {
    if (!closed) again = setTimeout(() => { listen().catch(listenAgain) }, AGAIN_MS)
  }

  await listen()
  return {
    applyTo(account) {
      if (exceptions.size === 0) return account
      const exception = exceptions.get(account.account)
      if (!exception) return account
      return exception.missing ? undefined : { ...account, permissions: account.permissions.filter((permission) => !exception.withheld.includes(permission)) }
    },
    async close() {
      closed = true
      clearTimeout(again)
      await listener?.end().catch(() => {})
    },
  }
}
