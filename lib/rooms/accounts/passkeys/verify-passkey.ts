import "server-only"
import type { PublicKeyCredentialRequestOptionsJSON } from "@simplewebauthn/server"
import { configuration } from "#lib/adapters/configuration.ts"
import { db } from "#lib/adapters/database.ts"
import { checkAttempt, clearAttempts } from "#lib/adapters/throttle/attempt-limits.ts"
import { knownBrowserCookie, readKnownBrowser } from "../sign-in/known-browser.ts"
import { countFailedSignIn } from "../sign-in/record-failed-sign-ins.ts"
import { accountDisabled, type VerifiedMember } from "../sign-in/session.ts"
import { newChallenge, spendChallenge } from "./challenge.ts"
import { loadWebAuthn } from "./load-web-authn.ts"
import type { PasskeyAnswer } from "./passkey.ts"
import { requirePasskeyHost } from "./passkey-host.ts"

type Asked = { options: PublicKeyCredentialRequestOptionsJSON; cookie: string }

/**
 * Returns the options with which a browser asks for a passkey, and the value of the matching
 * cookie. Before sign-in no account is named, because the passkey identifies it. A confirmation
 * accepts only the member's passkeys.
 */
export async function askForPasskey(member: string | null): Promise<Asked> {
  const rpID = requirePasskeyHost()
  const { bytes, cookie } = newChallenge({ does: member ? "confirm" : "sign_in", member })
  const own = member
    ? await db.passkey.findMany({
        where: { memberId: member, rpId: rpID },
        select: { credentialId: true, transports: true },
      })
    : []
  const { generateAuthenticationOptions } = await loadWebAuthn()
  const options = await generateAuthenticationOptions({
    rpID,
    challenge: bytes,
    userVerification: "required",
    allowCredentials: own.map(({ credentialId: id, transports }) => ({ id, transports })),
  })
  return { options, cookie }
}

type ReadCookie = (name: string) => string | undefined

type Answered = {
  answer: PasskeyAnswer
  challenge: string | undefined
  address: string
  cookie: ReadCookie
}

/**
 * Returns the session claim for a passkey's answer, or null for an unknown passkey and a wrong
 * signature. Attempts are limited as for passwords. Refuses (account_disabled) the passkey of a
 * disabled member.
 */
export async function signInByPasskey(answered: Answered): Promise<VerifiedMember | null> {
  const rpId = requirePasskeyHost()
  const held = await db.passkey.findUnique({
    where: { credentialId: answered.answer.id, rpId },
    select: {
      memberId: true,
      member: { select: { email: true, sessionEpoch: true, disabledAt: true } },
    },
  })
  const { address, cookie } = answered
  const id = held?.memberId ?? null
  const counted = await checkAttempt({
    purpose: "sign_in",
    subject: held?.member.email ?? "unknown passkey",
    address,
    knownBrowser: id && readKnownBrowser({ kind: "member", id }, cookie(knownBrowserCookie(id))),
  })
  const challenge = await spendChallenge({ does: "sign_in", member: null }, answered.challenge)
  const isRight = id !== null && (await acceptsAnswer(id, answered.answer, challenge))
  if (!held || !isRight || held.member.disabledAt) {
    await countFailedSignIn(id)
    if (isRight) throw accountDisabled()
    return null
  }
  await clearAttempts(counted)
  return { memberId: held.memberId, sessionEpoch: held.member.sessionEpoch, factor: true }
}

/** Whether an answer is valid for one of the member's passkeys, for a confirmation. */
export async function confirmsByPasskey(
  member: string,
  answer: PasskeyAnswer,
  cookie: string | undefined,
): Promise<boolean> {
  const challenge = await spendChallenge({ does: "confirm", member }, cookie)
  return acceptsAnswer(member, answer, challenge)
}

/**
 * Verifies the signature of one of the member's passkeys, and records its counter and its use. One
 * conditional statement, so that one of two answers with the same counter is refused.
 */
async function acceptsAnswer(memberId: string, answer: PasskeyAnswer, challenge: string | null) {
  const rpId = requirePasskeyHost()
  const where = { credentialId: answer.id, memberId, rpId }
  const held = await db.passkey.findUnique({
    where,
    select: { publicKey: true, counter: true, transports: true },
  })
  const { userHandle } = answer.response
  const isOwn = !userHandle || Buffer.from(userHandle, "base64url").toString() === memberId
  if (!held || !isOwn || challenge === null) return false
  const credential = { ...held, id: answer.id, counter: Number(held.counter) }
  const { verifyAuthenticationResponse } = await loadWebAuthn()
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response: withoutHandle(answer),
    expectedChallenge: challenge,
    expectedOrigin: new URL(configuration.APP_URL).origin,
    expectedRPID: rpId,
    credential,
    requireUserVerification: true,
  }).catch(() => ({ verified: false, authenticationInfo: null })) // throws if it is invalid
  if (!verified || !authenticationInfo) return false
  const { newCounter, credentialBackedUp } = authenticationInfo
  const changed = await db.$executeRaw`
    UPDATE passkey SET counter = ${newCounter}::bigint, backed_up = ${credentialBackedUp},
      last_used_at = statement_timestamp()
    WHERE credential_id = ${answer.id} AND member_id = ${memberId}::uuid
      AND (counter < ${newCounter}::bigint OR counter = 0 AND ${newCounter}::bigint = 0)`
  return changed === 1
}

/** The library's type allows no undefined handle. */
function withoutHandle({ response: { userHandle, ...response }, ...answer }: PasskeyAnswer) {
  return { ...answer, response: { ...response, ...(userHandle && { userHandle }) } }
}
