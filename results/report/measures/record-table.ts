/**
 * History, samples of processes and resolver evidence as DuckDB tables, read line by line as text so that a file which was cut in the middle of a line still
 * gives the lines before it (`read_json` would refuse the whole file, or with `ignore_errors` invent a row of NULLs).
 * In: file paths. Out: a connection with the tables `operation`, `sample` and `answer`, and how many lines were not JSON.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'

export type Rows = Record<string, string | number | null>[]

export class RecordTables implements AsyncDisposable {
  #instance: DuckDBInstance
  #connection: DuckDBConnection
  #temporary: string

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection, temporary: string) {
    this.#instance = instance
    this.#connection = connection
    this.#temporary = temporary
  }

  static async open(): Promise<RecordTables> {
    const temporary = mkdtempSync(join(tmpdir(), 'tongduyet-report-'))
    const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '600MB', temp_directory: temporary })
    return new RecordTables(instance, await instance.connect(), temporary)
  }

  /** Gives the number of lines that are no operation. */
  async loadOperations(files: readonly string[]): Promise<number> {
    await this.#connection.run('CREATE OR REPLACE TABLE operation (op VARCHAR, kind VARCHAR, flow VARCHAR, step VARCHAR, region VARCHAR, intendedAt DOUBLE, invokedAt DOUBLE, completedAt DOUBLE, outcome VARCHAR, system VARCHAR)')
    if (files.length === 0) return 0
    const shape = '{"op":"VARCHAR","kind":"VARCHAR","flow":"VARCHAR","step":"VARCHAR","region":"VARCHAR","intendedAt":"DOUBLE","invokedAt":"DOUBLE","completedAt":"DOUBLE","outcome":"VARCHAR","system":"VARCHAR"}'
    await this.#connection.run(`INSERT INTO operation SELECT unnest(from_json(line, '${shape}')) FROM ${linesOf(files)} WHERE json_valid(line) AND NOT starts_with(line, '{"trailer"')`)
    const [refused] = await this.rows('SELECT count(*) AS n FROM reject_errors')
    await this.#connection.run('DELETE FROM operation WHERE op IS NULL OR kind IS NULL OR completedAt IS NULL OR invokedAt IS NULL OR outcome IS NULL')
    const [count] = await this.rows(`SELECT (SELECT count(*) FROM ${linesOf(files)} WHERE NOT starts_with(line, '{"trailer"')) - (SELECT count(*) FROM operation) AS n`)
    return Number(count!['n']) + Number(refused!['n'])
  }

  /** `resolver`: the file's system. */
  async loadAnswers(resolvers: readonly { system: string; file: string }[]): Promise<void> {
    await this.#connection.run('CREATE OR REPLACE TABLE answer (resolver VARCHAR, address VARCHAR, name VARCHAR, seenAt DOUBLE)')
    for (const { system, file } of resolvers) {
      await this.#connection.run(`INSERT INTO answer SELECT ${literal(system)}, a.status, a.fields.name, a.seenAt FROM (
        SELECT from_json(line, '{"key":"VARCHAR","status":"VARCHAR","fields":{"name":"VARCHAR"},"seenAt":"DOUBLE"}') AS a FROM ${linesOf([file])} WHERE json_valid(line)
      ) WHERE starts_with(a.key, 'answer/') AND a.seenAt IS NOT NULL`)
    }
  }

  /** What processes took (`evidence/processes.ndjson`). */
  async loadSamples(files: readonly string[]): Promise<void> {
    await this.#connection.run('CREATE OR REPLACE TABLE sample (process VARCHAR, cpuMs DOUBLE, wallMs DOUBLE, loopMs DOUBLE, rssBytes DOUBLE)')
    if (files.length === 0) return
    await this.#connection.run(`INSERT INTO sample SELECT a.fields.process, a.fields.cpuMs, a.fields.wallMs, a.fields.eventLoopMsP99, a.fields.rssBytes FROM (
      SELECT from_json(line, '{"key":"VARCHAR","fields":{"process":"VARCHAR","cpuMs":"DOUBLE","wallMs":"DOUBLE","eventLoopMsP99":"DOUBLE","rssBytes":"DOUBLE"}}') AS a FROM ${linesOf(files)} WHERE json_valid(line)
    ) WHERE starts_with(a.key, 'sample/') AND a.fields.process IS NOT NULL AND a.fields.cpuMs IS NOT NULL AND a.fields.wallMs IS NOT NULL`)
  }

  async rows(sql: string): Promise<Rows> {
    const reader = await this.#connection.runAndReadAll(sql)
    return reader.getRowObjectsJS().map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)])))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#connection.closeSync()
    this.#instance.closeSync()
    rmSync(this.#temporary, { recursive: true, force: true })
  }
}

function linesOf(files: readonly string[]): string {
  // A separator that JSON text never holds unescaped, no quoting: each line is one column. A line that is not UTF-8, because the
  // file was cut in the middle of a character, is left out and stands in reject_errors; otherwise the whole file would be refused.
  return `read_csv([${files.map(literal).join(', ')}], columns = {'line': 'VARCHAR'}, ignore_errors = true, store_rejects = true, delim = '\x01', quote = '', escape = '', header = false, auto_detect = false, strict_mode = false)`
}

export function literal(text: string): string { return `'${text.replaceAll('\'', '\'\'')}'` }

function plain(value: unknown): string | number | null {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value
  return Number(value)
}
