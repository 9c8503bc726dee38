/**
 * What a child process of the embedded stack is told and answers, over IPC, one JSON message each way. A child exits when the channel
 * closes, so nothing survives its parent. Keys are made anew for each run and never leave it.
 */
import { z } from 'zod'
import { ContractProfile } from './partner-api/contract-profile.ts'
import { SimulatedReadiness } from './reference/readiness.ts'

const Clock = { timeScale: z.number(), scenarioStartMs: z.number() }

/** One service of the reference stack; `urls`: business base URL of every other system by id. */
export const ServiceConfig = z.strictObject({
  id: z.string(), host: z.string(), port: z.int(), adminPort: z.int(),
  databaseUrl: z.string().nullable(),
  urls: z.record(z.string(), z.string()),
  portalHost: z.string(),
  /** HMAC keys by the id of the partner, bank or gateway that signs. */
  keys: z.record(z.string(), z.string()),
  vneidClient: z.strictObject({ clientId: z.string(), clientSecret: z.string() }),
  seed: z.int(), legacyDossiers: z.int(), ...Clock,
  /** Where a portal keeps how it was set, for the process that comes after it. */
  settingsFile: z.string().optional(),
})
export type ServiceConfig = z.infer<typeof ServiceConfig>

/** A relying party of VNeID: addresses are compared character by character. */
export const VneidClient = z.strictObject({
  clientId: z.string(), clientSecret: z.string(), redirectUris: z.array(z.string()),
  /** Without them any page of the origin of a redirect URI will do. */
  postLogoutRedirectUris: z.array(z.string()).optional(),
  /** Where it is told that a session is over (Back-Channel and Front-Channel Logout 1.0). */
  backChannelLogoutUri: z.url({ protocol: /^https?$/ }).optional(), frontChannelLogoutUri: z.url({ protocol: /^https?$/ }).optional(),
})
export type VneidClient = z.infer<typeof VneidClient>

/** All simulators in one process; `hosts`: by system id (`vneid`, `bank-vcb`, `sms`, `partner-justice`, …). */
export const SimulatorsConfig = z.strictObject({
  hosts: z.record(z.string(), z.string()), port: z.int(), adminPort: z.int(),
  /** Where partners push to: the new portal's edge. */
  portalSyncUrl: z.string(),
  /** PEM of an authority that they trust there, beside those that the machine knows. */
  certificateAuthority: z.string().optional(),
  keys: z.record(z.string(), z.string()),
  vneidClient: VneidClient,
  /** Beside it, where more than one portal logs in. */
  otherVneidClients: z.array(VneidClient).optional(),
  /** Where all are served behind one address, each under its id: `http://127.0.0.1:8800`. Without it each is served at its own host. */
  baseUrl: z.string().optional(),
  /** How the partners speak over the wire; by canonical names where there is none. */
  contractProfile: ContractProfile.optional(),
  /** By system id: dossier systems that are not ready in all. */
  readiness: z.record(z.string(), SimulatedReadiness).optional(),
  /** Dossier systems push files to the portal too; the reference portal does not take them. */
  pushAttachments: z.boolean().optional(),
  /** Where the data-exchange node delivers, by the id of a party (`portal`, `justice`); others fetch. */
  exchangeAddresses: z.record(z.string(), z.string()).optional(),
  seed: z.int(), ...Clock,
})
export type SimulatorsConfig = z.infer<typeof SimulatorsConfig>

export type ProcessReply = { ready: true } | { error: { code: string; message: string } }
