/**
 * One DuckDB in memory for one judging: bounded memory, a temporary directory of its own for what does not fit, insertion order kept, so that
 * a table's row ids are line numbers. Numbers come back as JavaScript numbers (all are below 2^53). Nothing here reads a clock or the network.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'

/** Below the 1.2 GB that a judging may take, less what Node and the readers of JSON need outside the buffer manager. */
const MEMORY_LIMIT = '640MB'

export type Row = Record<string, string | number | boolean | null>

export class Database implements AsyncDisposable {
  readonly #instance: DuckDBInstance
  readonly #connection: DuckDBConnection
  readonly #directory: string

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection, directory: string) {
    this.#instance = instance
    this.#connection = connection
    this.#directory = directory
  }

  static async open(): Promise<Database> {
    const directory = mkdtempSync(join(tmpdir(), 'tongduyet-judge-'))
    const instance = await DuckDBInstance.create(':memory:', {
      threads: String(Math.min(availableParallelism(), 4)), memory_limit: MEMORY_LIMIT, temp_directory: directory,
      preserve_insertion_order: 'true', autoinstall_known_extensions: 'false', autoload_known_extensions: 'false',
    })
    return new Database(instance, await instance.connect(), directory)
  }

  async run(sql: string): Promise<void> { await this.#connection.run(sql) }

  async rows<T extends Row = Row>(sql: string): Promise<T[]> {
    const reader = await this.#connection.runAndReadAll(sql)
    return reader.getRowObjectsJS().map((row) => {
      for (const [name, value] of Object.entries(row)) if (typeof value === 'bigint') row[name] = Number(value)
      return row as T
    })
  }

  /** The only row of a query that gives one. */
  async row<T extends Row = Row>(sql: string): Promise<T> {
    const [row] = await this.rows<T>(sql)
    if (!row) throw new Error(`no row: ${sql}`)
    return row
  }

  /** The only number of a query such as `select count(*) …`. */
  async count(sql: string): Promise<number> { return Number(Object.values(await this.row(sql))[0] ?? 0) }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#connection.closeSync()
    this.#instance.closeSync()
    rmSync(this.#directory, { recursive: true, force: true })
  }
}

/** A text as an SQL literal; null as `NULL`. */
export function literal(value: string | null): string { return value === null ? 'NULL' : `'${value.replaceAll('\'', '\'\'')}'` }
