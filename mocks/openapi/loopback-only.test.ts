import { once } from 'node:events'
import { connect, createServer, type AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { stayOnLoopback } from './loopback-only.ts'

describe('a process that stays on the machine', () => {
  it('reaches loopback and nothing else, until it is let go', async () => {
    const server = createServer((socket) => socket.end()).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const { refused, release } = stayOnLoopback()
    try {
      await once(connect(port, '127.0.0.1'), 'connect')
      await expect(fetch('http://192.0.2.1:8080/')).rejects.toMatchObject({ cause: { code: 'ENETUNREACH' } })
      await expect(fetch('http://partner.invalid/')).rejects.toMatchObject({ cause: { code: 'ENETUNREACH' } })
      await expect(fetch('http://[2001:db8::1]:8080/')).rejects.toMatchObject({ cause: { code: 'ENETUNREACH' } })
      expect(refused()).toBe(3)
    } finally { release() }
    await once(connect(port, '127.0.0.1'), 'connect')
    server.close()
  })
})
