/** The quantile function of the standard normal distribution (Wichura 1988, AS 241, PPND7: about seven digits). In: 0 < p < 1. */
export function normalQuantile(p: number): number {
  const q = p - 0.5
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q
    return q * (((59.109374720 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179) / (((67.187563600 * r + 78.757757664) * r + 17.895169469) * r + 1)
  }
  const tail = Math.sqrt(-Math.log(q < 0 ? p : 1 - p))
  const size = tail <= 5 ? middle(tail - 1.6) : far(tail - 5)
  return q < 0 ? -size : size
}

function middle(r: number): number {
  return (((0.17023821103 * r + 1.3067284816) * r + 2.7568153900) * r + 1.4234372777) / ((0.12021132975 * r + 0.73700164250) * r + 1)
}

function far(r: number): number {
  return (((0.017337203997 * r + 0.42868294337) * r + 3.0812263860) * r + 6.6579051150) / ((0.012258202635 * r + 0.24197894225) * r + 1)
}
