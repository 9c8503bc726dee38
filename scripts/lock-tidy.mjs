/**
 * Makes package-lock.json portable: takes download addresses out, and adds the optional packages of other platforms
 * that a partial registry left out (without them `npm ci` refuses the lock on every platform). Run after changing a
 * dependency: `node scripts/lock-tidy.mjs`. In and out: package-lock.json. Safe to run again.
 */
import { readFileSync, writeFileSync } from 'node:fs'

const file = new URL('../package-lock.json', import.meta.url)
const lock = JSON.parse(readFileSync(file, 'utf8'))
const platforms = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32']
const architectures = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64']

/** The os and cpu fields that a platform package's name tells, so that npm installs it nowhere else. */
function limits(name) {
  const words = name.split(/[-/]/)
  const os = platforms.find((platform) => words.includes(platform))
  const cpu = architectures.find((architecture) => words.includes(architecture))
  return { ...(os && { os: [os] }), ...(cpu && { cpu: [cpu] }) }
}

const packages = lock.packages
for (const [path, entry] of Object.entries(packages)) {
  if (/^https?:/.test(entry.resolved ?? '')) delete entry.resolved
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const places = [`${path}/node_modules/${name}`, `node_modules/${name}`]
    if (places.some((place) => packages[place]) || !/^\d/.test(version)) continue
    packages[`node_modules/${name}`] = { version, optional: true, ...limits(name) }
  }
}
lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)))
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
