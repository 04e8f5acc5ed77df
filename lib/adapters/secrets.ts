import "server-only"
import {
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from "node:crypto"
import { configuration } from "./configuration.ts"

const PUBLIC_ID_BYTES = 8
const TOKEN = /^[A-Za-z0-9_-]{32}$/

/** The purpose of a signature, which is valid for no other. No purpose is a prefix of another. */
type Purpose =
  | "link"
  | "recipient"
  | "request"
  | "sender"
  | "delivery"
  | "receipt"
  | "ticket"
  | "visit"
  | "unlock"
  | "back"
  | "known"
  | "asked"
  | "code"
  | "notices"
  | "passkey"
  | "second"
  | "provider"

const keys = new Map<string, KeyObject>()

// Cached, because making a key from the secret's text takes a third of the time of a signature.
function keyOf(secret: string) {
  const key = keys.get(secret) ?? createSecretKey(secret, "utf8")
  keys.set(secret, key)
  return key
}

const hmac = (secret: string, purpose: Purpose, value: Uint8Array | string) =>
  createHmac("sha256", keyOf(secret)).update(purpose).update(value).digest()

/**
 * The purposes of tokens: those of open links, and those of recipients. A token is valid for one
 * alone. The version before knows only the first, so that beside it no recipient's link opens
 * without its own conditions.
 */
const LINK_PURPOSES = {
  share: ["link", "recipient"],
  request: ["request", "sender"],
} as const
/** Whether a link opens files or a request for files. */
type LinkKind = keyof typeof LINK_PURPOSES

const linkMac = (secret: string, purpose: Purpose, publicId: Uint8Array) =>
  hmac(secret, purpose, publicId).subarray(0, 16)

/** Makes a new link's public id: 8 random bytes. */
export const newPublicId = () => new Uint8Array(randomBytes(PUBLIC_ID_BYTES))

/** base64url(public_id ‖ HMAC-SHA256(LINK_SECRET, purpose ‖ public_id)[0..15]), 32 characters. */
export function linkToken(publicId: Uint8Array, kind: LinkKind = "share", isOpen = true) {
  const [open, own] = LINK_PURPOSES[kind]
  const mac = linkMac(signingSecret(), isOpen ? open : own, publicId)
  return Buffer.concat([publicId, mac]).toString("base64url")
}

/** Returns the public id inside a token; null if no link secret signed it. Needs no query. */
export function readLinkToken(
  token: string,
  kind: LinkKind = "share",
): Uint8Array<ArrayBuffer> | null {
  if (!TOKEN.test(token)) return null
  const bytes = Buffer.from(token, "base64url")
  const publicId = new Uint8Array(bytes.subarray(0, PUBLIC_ID_BYTES))
  const mac = bytes.subarray(PUBLIC_ID_BYTES)
  const known = configuration.LINK_SECRET.some((secret) =>
    LINK_PURPOSES[kind].some((purpose) => timingSafeEqual(linkMac(secret, purpose, publicId), mac)),
  )
  return known ? publicId : null
}

/** Signs a value for a cookie, as `value.signature`. The value must not contain a dot. */
export function sign(purpose: Purpose, value: string) {
  return `${value}.${hmac(signingSecret(), purpose, value).toString("base64url")}`
}

/** Returns the value of a signed cookie; null if no secret signed it for this purpose. */
export function readSigned(purpose: Purpose, signed: string | undefined): string | null {
  const dot = signed?.lastIndexOf(".") ?? -1
  if (signed === undefined || dot < 1) return null
  const value = signed.slice(0, dot)
  const mac = Buffer.from(signed.slice(dot + 1), "base64url")
  const known = configuration.LINK_SECRET.some((secret) => {
    const expected = hmac(secret, purpose, value)
    return expected.length === mac.length && timingSafeEqual(expected, mac)
  })
  return known ? value : null
}

/** Derives a key for one purpose from AUTH_SECRET (RFC 5869). */
export function derivedKey(purpose: string): Buffer {
  return Buffer.from(hkdfSync("sha256", configuration.AUTH_SECRET, "", `lapse ${purpose}`, 32))
}

const derived = new Map<string, KeyObject>()

/** Derives a key for one purpose from each LINK_SECRET (RFC 5869): the first signs, all verify. */
export function linkDerivedKeys(purpose: string): KeyObject[] {
  return configuration.LINK_SECRET.map((secret) => {
    const name = `${purpose} ${secret}`
    const key =
      derived.get(name) ??
      createSecretKey(Buffer.from(hkdfSync("sha256", secret, "", `lapse ${purpose}`, 32)))
    derived.set(name, key)
    return key
  })
}

/**
 * Hashes an id of another app, once with each LINK_SECRET. The first hash is stored, and any of
 * them finds the row. The hashes have a key, because short ids could be guessed from plain hashes.
 */
export function importedHashes(kind: "file" | "share" | "link", id: string) {
  return linkDerivedKeys(`imported ${kind}`).map(
    (key) => new Uint8Array(createHmac("sha256", key).update(id).digest()),
  )
}

/** Values by which the database notices a lost link secret; they do not reveal it. */
export function linkSecretCheckValues() {
  return configuration.LINK_SECRET.map((secret) =>
    createHmac("sha256", secret).update("check value").digest("base64url"),
  )
}

function signingSecret() {
  const [secret] = configuration.LINK_SECRET
  if (!secret) throw new Error("LINK_SECRET is empty")
  return secret
}
