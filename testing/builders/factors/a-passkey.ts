import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto"
import type { MemberId } from "#lib/rooms/accounts/member.ts"
import { addPasskey, beginPasskey } from "#lib/rooms/accounts/passkeys/add-passkey.ts"
import { withSessionOf } from "../a-session.ts"

const ORIGIN = "http://localhost:3000"
const sha256 = (bytes: string | Uint8Array) => createHash("sha256").update(bytes).digest()
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url")

/** Flags of authenticator data (WebAuthn, 6.1). */
const PRESENT = 1
const VERIFIED = 4
const HAS_CREDENTIAL = 64

type Altered = {
  origin?: string
  host?: string
  verified?: boolean
  counter?: number
  userHandle?: string
}

/** An authenticator in software, with one ES256 passkey for the member. */
export function anAuthenticator(memberId: string) {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" })
  const id = randomBytes(32)
  const { x = "", y = "" } = publicKey.export({ format: "jwk" })
  const common = { id: base64(id), rawId: base64(id), type: "public-key" as const }

  const dataOf = ({ host = "localhost", verified = true, counter = 0 }: Altered, more = 0) => {
    const count = Buffer.alloc(4)
    count.writeUInt32BE(counter)
    const flags = PRESENT | (verified ? VERIFIED : 0) | more
    return Buffer.concat([sha256(host), Buffer.from([flags]), count])
  }
  const clientData = (type: string, challenge: string, { origin = ORIGIN }: Altered) =>
    Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }))

  return {
    id: common.id,
    /** Makes the passkey. */
    create(challenge: string, altered: Altered = {}) {
      // CBOR: {1: 2, 3: -7, -1: 1, -2: x, -3: y}, a key on P-256 (RFC 9053).
      const key = Buffer.concat([
        Buffer.from("a5010203262001215820", "hex"),
        Buffer.from(x, "base64url"),
        Buffer.from("225820", "hex"),
        Buffer.from(y, "base64url"),
      ])
      const length = Buffer.from([0, id.length])
      const credential = Buffer.concat([Buffer.alloc(16), length, id, key])
      const data = Buffer.concat([dataOf(altered, HAS_CREDENTIAL), credential])
      // CBOR: {"fmt": "none", "attStmt": {}, "authData": data}
      const attestation = Buffer.concat([
        Buffer.from("a363666d74646e6f6e656761747453746d74a068617574684461746158", "hex"),
        Buffer.from([data.length]),
        data,
      ])
      const response = {
        clientDataJSON: base64(clientData("webauthn.create", challenge, altered)),
        attestationObject: base64(attestation),
        transports: ["internal"],
      }
      return { ...common, clientExtensionResults: {}, response }
    },
    /** Answers a challenge with the passkey's signature. */
    answer(challenge: string, altered: Altered = {}) {
      const data = dataOf(altered)
      const client = clientData("webauthn.get", challenge, altered)
      const signature = sign("sha256", Buffer.concat([data, sha256(client)]), privateKey)
      const response = {
        clientDataJSON: base64(client),
        authenticatorData: base64(data),
        signature: base64(signature),
        userHandle: base64(Buffer.from(altered.userHandle ?? memberId)),
      }
      return { ...common, clientExtensionResults: {}, response }
    },
  }
}

/** A passkey of the member, with the authenticator that has it. */
export async function aPasskey(memberId: MemberId, name = "Phone") {
  const authenticator = anAuthenticator(memberId)
  const { options, cookie } = await beginPasskey(memberId)
  const credential = authenticator.create(options.challenge)
  const passkey = await withSessionOf(memberId, (by) =>
    addPasskey(by, { name, credential }, cookie),
  )
  return { passkey, authenticator }
}
