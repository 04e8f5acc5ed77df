import "server-only"
import { hash, verify } from "@node-rs/argon2"
import { compare } from "@node-rs/bcrypt"
import { Refusal } from "#lib/adapters/errors.ts"
import { createFairQueue, isQueueRefusal, type Place } from "#lib/adapters/host/fair-queue.ts"
import { addressNetwork, addressPrefix } from "#lib/adapters/http/address-prefix.ts"
import { processWide } from "#lib/adapters/process-wide.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"

/** OWASP's first choice for argon2id, the library's default: 19 MiB, two passes, one lane. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

// The hash of a random password at the same cost, so that verifying takes as long as a real one.
const DUMMY_HASH =
  "$argon2id$v=19$m=19456,t=2,p=1$jqpKeRYQsPdb64z3t1mndw$WYVfZIgMbhiVbL531WtzZqWSD6oCNbqsz1NTesfSGf4"

/** The hash of a member without a password. No password matches it, in any version. */
export const NO_PASSWORD = DUMMY_HASH

type HashPlace = {
  queue: "sign_in" | "unlock" | "members"
  /** The client's address, or the id of a member. */
  from: string
  /** The id of a known browser, which does not wait behind others at its address. */
  knownBrowser?: string | null
}

/** Two hashes at a time, because each takes 19 MiB and a core. `longest` is in milliseconds. */
const LIMITS = { running: 2, waiting: 64, longest: 10_000 }

const hashQueue = processWide("hashing", () => createFairQueue(LIMITS))

export const hashing = () => hashQueue.state()

function placeOf({ queue, from, knownBrowser }: HashPlace): Place {
  if (queue === "members") return [queue, from, from]
  if (knownBrowser) return [queue, "known browsers", knownBrowser]
  return [queue, addressNetwork(from), addressPrefix(from)]
}

async function queued<Result>(place: HashPlace, work: () => Promise<Result>) {
  try {
    return await hashQueue.run(placeOf(place), work)
  } catch (error) {
    if (!isQueueRefusal(error)) throw error
    throw refusal("too_many", "sign_ins", {}, { retryAfterSeconds: 5 })
  }
}

// Normalizes a password, because keyboards compose umlauts differently.
const normalized = (password: string) => password.normalize("NFC")

/** The queue for members and for people who are becoming members. Strangers cannot fill it. */
const SOME_MEMBER: HashPlace = { queue: "members", from: "" }

/**
 * Returns an argon2id hash in PHC form. At most two hashes run at the same time in a process, in a
 * fair order. Refuses (too_many) if too many from the same address or member are waiting.
 */
export function hashPassword(password: string, place = SOME_MEMBER): Promise<string> {
  return queued(place, () => hash(normalized(password), COST))
}

/**
 * Whether the password matches the hash. It queues as in hashPassword, with the same refusal. A
 * null hash takes equally long and never matches.
 */
export async function verifyPassword(
  passwordHash: string | null,
  password: string,
  place = SOME_MEMBER,
): Promise<boolean> {
  const held = passwordHash ?? DUMMY_HASH
  const matches = await queued(place, () =>
    isBcrypt(held) ? compare(normalized(password), held) : verify(held, normalized(password)),
  )
  return passwordHash !== null && passwordHash !== NO_PASSWORD && matches
}

const isBcrypt = (passwordHash: string) => passwordHash.startsWith("$2")

/**
 * Passes an argon2id hash of a right password to `store` if the stored hash is bcrypt, from an
 * imported app. If too many hashes are waiting, a later sign-in does it.
 */
export async function replaceBcrypt(
  passwordHash: string,
  password: string,
  store: (renewed: string) => Promise<unknown>,
): Promise<void> {
  if (!isBcrypt(passwordHash)) return
  const renewed = await hashPassword(password).catch((error) => {
    if (error instanceof Refusal) return null
    throw error
  })
  if (renewed !== null) await store(renewed)
}
