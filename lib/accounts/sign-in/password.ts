import "server-only"
import { hash, verify } from "@node-rs/argon2"
import { createFairQueue, type Place, QueueRefusal } from "#lib/host/fair-queue.ts"
import { processWide } from "#lib/process-wide.ts"
import { refusal } from "#lib/text/sentences.ts"
import { addressNetwork, addressPrefix } from "./address-prefix.ts"

/**
 * OWASP's first choice for argon2id: 19 MiB, two passes, one lane. Argon2id is the library's
 * default.
 */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

// A hash of a random password, of the same cost: verifying against it takes as long as against a
// real one.
const DUMMY_HASH =
  "$argon2id$v=19$m=19456,t=2,p=1$jqpKeRYQsPdb64z3t1mndw$WYVfZIgMbhiVbL531WtzZqWSD6oCNbqsz1NTesfSGf4"

/** Who waits for a hash, and in which queue. */
export type HashTurn = {
  queue: "sign_in" | "unlock" | "members"
  /** An address, or the id of a member. */
  from: string
  /** A browser whose attempt was counted by itself waits apart from others at its address. */
  knownBrowser?: string | null
}

/** At most two hashes run at once: 19 MiB and a core each. */
const LIMITS = { running: 2, waiting: 64, longest: 10_000 }

const turns = processWide("hashing", () => createFairQueue(LIMITS))

/** How many hashes run and how many wait. */
export const hashing = () => turns.state()

function placeOf({ queue, from, knownBrowser }: HashTurn): Place {
  if (queue === "members") return [queue, from, from]
  if (knownBrowser) return [queue, "known browsers", knownBrowser]
  return [queue, addressNetwork(from), addressPrefix(from)]
}

async function queued<Result>(turn: HashTurn, work: () => Promise<Result>) {
  try {
    return await turns.run(placeOf(turn), work)
  } catch (error) {
    if (!(error instanceof QueueRefusal)) throw error
    throw refusal("too_many", "sign_ins", {}, { retryAfterSeconds: 5 })
  }
}

// Keyboards differ in how they compose an umlaut.
const normalized = (password: string) => password.normalize("NFC")

/** Of members and of those who become one: their queue is apart from what strangers can fill. */
const SOME_MEMBER: HashTurn = { queue: "members", from: "" }

/**
 * An argon2id hash in PHC form. At most two run at once per process, in fair turns; refuses
 * (too_many) where too many of the same place wait.
 */
export function hashPassword(password: string, turn = SOME_MEMBER): Promise<string> {
  return queued(turn, () => hash(normalized(password), COST))
}

/**
 * Whether the password matches the hash, under the rules of hashPassword. A null hash takes as long
 * and never matches.
 */
export async function verifyPassword(
  passwordHash: string | null,
  password: string,
  turn = SOME_MEMBER,
): Promise<boolean> {
  const matches = await queued(turn, () => verify(passwordHash ?? DUMMY_HASH, normalized(password)))
  return passwordHash !== null && matches
}
