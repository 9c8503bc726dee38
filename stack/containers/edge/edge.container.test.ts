import { edgeConduct } from '../../network/edge/testing/edge-conduct.ts'
import { bridgeGateway, describeWithDocker } from '../testing/docker-answers.ts'
import { startPart } from '../testing/start-part.ts'
import { edgeSpec } from './spec.ts'

describeWithDocker('nginx with ModSecurity', () => {
  edgeConduct({
    upstreamHost: bridgeGateway,
    open: async (upstream) => {
      const part = await startPart(edgeSpec({ id: 'edge-new', upstream, origins: { [await bridgeGateway()]: { region: null, partner: 'justice' } }, upstreamTimeoutMs: 2_000 }, []))
      return { ...part, host: part.host, port: 8080 }
    },
  })
})
