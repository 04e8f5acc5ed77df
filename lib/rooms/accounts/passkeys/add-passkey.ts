import "server-only"
import type { PublicKeyCredentialCreationOptionsJSON } from "@simplewebauthn/server"
import { configuration } from "#lib/adapters/configuration.ts"
import { db } from "#lib/adapters/database.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { newId } from "#lib/adapters/text/uuid.ts"
import { changeCredentials } from "#lib/rooms/accounts/change-credentials.ts"
import type { ActingMember, MemberId } from "#lib/rooms/accounts/member.ts"
import { readBranding } from "#lib/rooms/settings/read-branding.ts"
import { factorAdded } from "../second-factor/factor-added.ts"
import { tellMember } from "../tell-member.ts"
import { newChallenge, spendChallenge } from "./challenge.ts"
import { passkeyColumns, passkeyView } from "./list-passkeys.ts"
import { ALGORITHMS, loadWebAuthn } from "./load-web-authn.ts"
import type { NewPasskey, PasskeyView } from "./passkey.ts"
import { requirePasskeyHost } from "./passkey-host.ts"

const MAX_PASSKEYS = 20

type Creation = { options: PublicKeyCredentialCreationOptionsJSON; cookie: string }

/**
 * Returns the options with which a browser makes a passkey for the member, and the value of the
 * matching cookie. The passkey is discoverable and verifies its user.
 */
export async function beginPasskey(member: MemberId): Promise<Creation> {
  const rpID = requirePasskeyHost()
  const { email, name, passkeys } = await db.member.findUniqueOrThrow({
    where: { id: member },
    select: {
      email: true,
      name: true,
      passkeys: { where: { rpId: rpID }, select: { credentialId: true, transports: true } },
    },
  })
  const { bytes, cookie } = newChallenge({ does: "add", member })
  const { generateRegistrationOptions } = await loadWebAuthn()
  const options = await generateRegistrationOptions({
    rpID,
    rpName: (await readBranding()).name ?? "Lapse",
    userID: new TextEncoder().encode(member),
    userName: email,
    userDisplayName: name,
    challenge: bytes,
    attestationType: "none",
    excludeCredentials: passkeys.map(({ credentialId: id, transports }) => ({ id, transports })),
    supportedAlgorithmIDs: ALGORITHMS,
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
  })
  return { options, cookie }
}

/**
 * Adds the passkey that a browser made, and tells the member by mail. Refuses (invalid) an answer
 * that does not belong to this member, browser and host, and (conflict) a passkey that is already
 * known or exceeds the limit.
 */
export async function addPasskey(
  by: ActingMember,
  { name, credential }: NewPasskey,
  cookie: string | undefined,
): Promise<PasskeyView> {
  const member = by.id
  const rpId = requirePasskeyHost()
  const made = await verified(member, credential, cookie)
  return changeCredentials({ by }, async (tx) => {
    if ((await tx.passkey.count({ where: { memberId: member } })) >= MAX_PASSKEYS) {
      throw refusal("conflict", "most_passkeys", { count: MAX_PASSKEYS })
    }
    const { id, publicKey, counter, transports = [] } = made.credential
    const [row] = await tx.passkey.createManyAndReturn({
      data: [
        {
          id: newId(),
          memberId: member,
          credentialId: id,
          publicKey,
          counter,
          transports,
          rpId,
          name,
          backedUp: made.credentialBackedUp,
        },
      ],
      skipDuplicates: true,
      select: passkeyColumns,
    })
    if (!row) throw refusal("conflict", "passkey_other")
    await factorAdded(tx, by)
    await tellMember(tx, { memberId: member, actorId: member, what: "passkey_add", name })
    return passkeyView(row)
  })
}

async function verified(
  member: MemberId,
  response: NewPasskey["credential"],
  cookie: string | undefined,
) {
  const expectedChallenge = await spendChallenge({ does: "add", member }, cookie)
  if (expectedChallenge === null) {
    throw refusal("invalid", "passkey_late")
  }
  const { verifyRegistrationResponse } = await loadWebAuthn()
  const { verified, registrationInfo } = await verifyRegistrationResponse({
    response,
    expectedChallenge,
    expectedOrigin: new URL(configuration.APP_URL).origin,
    expectedRPID: requirePasskeyHost(),
    requireUserVerification: true,
    supportedAlgorithmIDs: ALGORITHMS,
  }).catch(() => ({ verified: false, registrationInfo: undefined })) // throws if it is invalid
  if (verified && registrationInfo) return registrationInfo
  throw refusal("invalid", "passkey_unverified")
}
