import "server-only"
import { randomInt } from "node:crypto"
import { z } from "zod"
import { configuration } from "#lib/adapters/configuration.ts"
import { databaseTimeAgo } from "#lib/adapters/database/time.ts"
import { db, type Tx } from "#lib/adapters/database.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { ANYWHERE, checkAttempt } from "#lib/adapters/throttle/attempt-limits.ts"
import { changeCredentials } from "#lib/rooms/accounts/change-credentials.ts"
import type { OwnerId, SessionMember } from "#lib/rooms/accounts/member.ts"
import { listOwnTeams } from "../teams/list-teams.ts"
import { insertToken } from "./create-token.ts"
import { SCOPES, Scope, Scopes, TokenName } from "./token.ts"
import { hashOfToken, newDeviceCode, tokenTextOf } from "./token-text.ts"

// The device flow of RFC 8628. A device shows a short code, which a member types on the page that
// names the device and what it may do. The token of the device follows from the device's own secret,
// of which only the token's hash is stored.

/** How long a device waits for its member. */
const LIFE_SECONDS = 600
/** How often a device may ask. */
const INTERVAL_SECONDS = 5

/** Consonants, which spell no word and are not mistaken for each other. */
const LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
const CODE_LENGTH = 8

export const NewDevice = z.strictObject({
  name: TokenName,
  scopes: Scopes,
  /** The slug of the team that the token shall belong to; left out for the member. */
  team: z.string().max(40).optional(),
})
export type NewDevice = z.infer<typeof NewDevice>

/** What a device has to show and to ask with. */
export const DeviceView = z.strictObject({
  deviceCode: z.string(),
  userCode: z.string(),
  verificationUri: z.string(),
  interval: z.int(),
  expiresIn: z.int(),
})

export const DeviceQuestion = z.strictObject({ deviceCode: z.string().max(100) })
export const DeviceToken = z.strictObject({ token: z.string() })

/** The code that a device shows, however it is typed. */
export const UserCode = z.strictObject({
  userCode: z
    .string()
    .max(40)
    .transform((text) => text.toUpperCase().replace(/[^A-Z]/g, "")),
})
export type UserCode = z.infer<typeof UserCode>

/** A device as the member sees it who has to decide. Times are ISO 8601 UTC. */
export const WaitingDevice = z.strictObject({
  name: z.string(),
  scopes: z.array(Scope),
  /** The name of the team for which it asks; null for the member. */
  team: z.string().nullable(),
  /** The network address that the device asks from. */
  from: z.string(),
  askedAt: z.iso.datetime(),
})
export type WaitingDevice = z.infer<typeof WaitingDevice>

/** Begins the sign-in of a device. Refuses (too_many) an address that begins many. */
export async function beginDevice(
  { name, scopes, team }: NewDevice,
  address: string,
): Promise<z.infer<typeof DeviceView>> {
  await checkAttempt({ purpose: "device", subject: "device", address })
  const deviceCode = newDeviceCode()
  const letters = Array.from({ length: CODE_LENGTH }, () => LETTERS[randomInt(LETTERS.length)])
  const userCode = letters.join("")
  await db.$executeRaw`
    INSERT INTO device (hash, user_code, name, scopes, team, address, expires_at)
    VALUES (${hashOf(deviceCode)}, ${userCode}, ${name}, ${scopes}, ${team ?? null}, ${address},
      statement_timestamp() + ${LIFE_SECONDS} * interval '1 second')`
  return {
    deviceCode,
    userCode: `${userCode.slice(0, 4)}-${userCode.slice(4)}`,
    verificationUri: `${configuration.APP_URL}/device`,
    interval: INTERVAL_SECONDS,
    expiresIn: LIFE_SECONDS,
  }
}

type Asked = { state: string; isHasty: boolean }

/**
 * Returns the token of a device, once a member has approved it. Refuses (pending) until then,
 * (slow_down) a device that asks again within five seconds, (denied) what a member refused, and
 * (expired) an unknown device or one that waited for ten minutes.
 */
export async function askForDevice(
  deviceCode: string,
  address: string,
): Promise<{ token: string }> {
  const [asked] = await db.$queryRaw<Asked[]>`
    UPDATE device SET asked_at = statement_timestamp()
    FROM (SELECT hash, asked_at FROM device WHERE hash = ${hashOf(deviceCode)} FOR UPDATE) AS before
    WHERE device.hash = before.hash AND expires_at > statement_timestamp()
    RETURNING state::text, coalesce(before.asked_at > statement_timestamp()
      - ${INTERVAL_SECONDS - 0.5} * interval '1 second', false) AS "isHasty"`
  if (!asked) {
    await checkAttempt({ purpose: "token", subject: "device", address })
    throw refusal("expired", "device_expired")
  }
  if (asked.state === "approved") return { token: tokenTextOf(deviceCode) }
  if (asked.state === "denied") throw refusal("denied", "device_denied")
  if (asked.isHasty) throw refusal("slow_down", "device_slow", {}, retryIn(INTERVAL_SECONDS + 5))
  throw refusal("pending", "device_pending", {}, retryIn(INTERVAL_SECONDS))
}

const retryIn = (retryAfterSeconds: number) => ({ retryAfterSeconds })

const hashOf = (deviceCode: string) => hashOfToken(tokenTextOf(deviceCode))

type Waiting = {
  hash: Uint8Array<ArrayBuffer>
  name: string
  scopes: string[]
  team: string | null
}

/**
 * Returns the device that shows this code. Refuses (not_found) a code of none and a team that the
 * member is not in, and (too_many) a member who guesses.
 */
export async function findDevice(
  by: SessionMember,
  { userCode }: UserCode,
): Promise<WaitingDevice> {
  await checkAttempt({ purpose: "user_code", subject: by.id, address: ANYWHERE })
  const [row] = await db.$queryRaw<(Waiting & { address: string; createdAt: Date })[]>`
    SELECT hash, name, scopes, team, address, created_at AS "createdAt" FROM device
    WHERE user_code = ${userCode} AND state = 'waiting' AND expires_at > statement_timestamp()`
  if (!row) throw noDevice()
  const { name, scopes, address, createdAt } = row
  const team = await teamOf(by, row)
  return {
    name: plainName(name),
    team: team?.name ?? null,
    scopes: SCOPES.filter((scope) => scopes.includes(scope)),
    from: address,
    askedAt: createdAt.toISOString(),
  }
}

/**
 * Makes the token of the device that shows this code, as `createToken` does, for the team that the
 * device asked for, and lets the device have it. Refuses as `findDevice`.
 */
export async function approveDevice(by: SessionMember, code: UserCode): Promise<void> {
  await checkAttempt({ purpose: "user_code", subject: by.id, address: ANYWHERE })
  await changeCredentials({ by }, async (tx) => {
    const { hash, name, scopes, ...device } = await decide(tx, code, "approved")
    const known = SCOPES.filter((scope) => scopes.includes(scope))
    const team = await teamOf(by, device)
    const owner = (team?.id ?? by.id) as OwnerId
    await insertToken(
      tx,
      { ...by, team, owner },
      { name, scopes: known, hash: new Uint8Array(hash) },
    )
  })
}

/** Refuses the device that shows this code. */
export async function denyDevice(by: SessionMember, code: UserCode): Promise<void> {
  await checkAttempt({ purpose: "user_code", subject: by.id, address: ANYWHERE })
  await db.$transaction((tx) => decide(tx, code, "denied"))
}

/** Decides about a device once: of two who decide, one finds it. */
async function decide(tx: Tx, { userCode }: UserCode, state: "approved" | "denied") {
  const [row] = await tx.$queryRaw<Waiting[]>`
    UPDATE device SET state = ${state}::device_state
    WHERE user_code = ${userCode} AND state = 'waiting' AND expires_at > statement_timestamp()
    RETURNING hash, name, scopes, team`
  if (!row) throw noDevice()
  return row
}

async function teamOf({ id }: SessionMember, { team: slug }: Pick<Waiting, "team">) {
  if (slug === null) return null
  const found = (await listOwnTeams(id)).find((team) => team.slug === slug)
  if (!found) throw refusal("not_found", "no_team", {}, { field: "userCode" })
  return found
}

const noDevice = () => refusal("not_found", "no_device", {}, { field: "userCode" })

/** Deletes devices an hour after they were over. The sweep calls it. */
export async function sweepDevices(): Promise<void> {
  await db.device.deleteMany({ where: { expiresAt: { lt: await databaseTimeAgo(3_600_000) } } })
}
