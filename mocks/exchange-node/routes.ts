/** What a data-exchange node offers (contracts/partner-api/roles/exchange-node.ts). Who asks says so in `x-partner`; it must be the party that it speaks for. */
import { acknowledge, fetchMessages, messageState, queue, sendEnvelope } from '../../contracts/partner-api/roles/exchange-node.ts'
import { refusalOf } from '../server/refusal-of.ts'
import { defineRoute, ok, type Call, type Route } from '../server/route.ts'
import { stateOf } from './held-message.ts'
import type { ExchangeNode } from './node.ts'

/** Who does not say who he is has shown by his signature that he shares the node's key. */
function speaksFor(party: string, { header }: Call): boolean { return (header('x-partner') ?? party) === party }

export const EXCHANGE_NODE_ROUTES: readonly Route<ExchangeNode>[] = [
  defineRoute({
    ...sendEnvelope,
    resolve: (node: ExchangeNode, message, call) => {
      if (!speaksFor(message.from, call)) return refusalOf(sendEnvelope, 'PARTY_MISMATCH', message.from)
      const sent = node.send(message)
      return typeof sent === 'string' ? refusalOf(sendEnvelope, sent, sent === 'MESSAGE_ID_TAKEN' ? message.messageId : message.to) : ok(stateOf(sent.held), sent.created ? 202 : 200)
    },
  }),

  defineRoute({
    ...messageState,
    subject: ({ messageId }) => messageId,
    resolve: (node: ExchangeNode, { messageId }) => {
      const held = node.messages.get(messageId)
      return held ? ok(stateOf(held)) : refusalOf(messageState, 'MESSAGE_UNKNOWN', messageId)
    },
  }),

  defineRoute({
    ...fetchMessages,
    subject: ({ party }) => party,
    resolve: (node: ExchangeNode, { party, max }, call) => speaksFor(party, call) ? ok({ messages: node.fetch(party, max) }) : refusalOf(fetchMessages, 'PARTY_MISMATCH', party),
  }),

  defineRoute({
    ...acknowledge,
    subject: ({ messageId }) => messageId,
    resolve: (node: ExchangeNode, acknowledgement, call) => {
      if (!speaksFor(acknowledgement.party, call)) return refusalOf(acknowledge, 'PARTY_MISMATCH', acknowledgement.party)
      const held = node.acknowledge(acknowledgement)
      return typeof held === 'string' ? refusalOf(acknowledge, held, acknowledgement.messageId) : ok(stateOf(held))
    },
  }),

  defineRoute({
    ...queue,
    subject: ({ party }) => party,
    resolve: (node: ExchangeNode, { party }) => node.isParty(party) ? ok(node.queue(party)) : refusalOf(queue, 'RECIPIENT_UNKNOWN', party),
  }),
]
