/** A system that refuses its administration, is not there or tears its evidence; `status` is null where no answer came. */
export class AdminError extends Error {
  override readonly name = 'AdminError'
  readonly system: string
  readonly status: number | null
  constructor(system: string, status: number | null, what: string, options?: ErrorOptions) {
    super(`${system}: ${what}`, options)
    this.system = system
    this.status = status
  }
}
