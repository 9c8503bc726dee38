/**
 * The name under which a k6 process writes its history: WORKER where the harness started it; in a pod of k6-operator, whose name is
 * `<test run>-<number>-<letters>`, `w<number>`. Undefined where k6 only looks at the script.
 */
export function workerNameOf(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  const given = environment['WORKER']
  if (given) return given
  const number = /-(\d+)-[a-z0-9]+$/.exec(environment['HOSTNAME'] ?? '')?.[1]
  return number === undefined ? undefined : `w${number}`
}
