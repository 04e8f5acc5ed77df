import "server-only"
import { hash, verify } from "@node-rs/argon2"
import { Refusal } from "#lib/errors.ts"

/**
 * OWASP's first choice for argon2id: 19 MiB, two passes, one lane. Argon2id is the library's
 * default.
 */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

// A hash of a random password, of the same cost: verifying against it takes as long as against a
// real one.
const DUMMY_HASH =
  "$argon2id$v=19$m=19456,t=2,p=1$jqpKeRYQsPdb64z3t1mndw$WYVfZIgMbhiVbL531WtzZqWSD6oCNbqsz1NTesfSGf4"

const MAX_RUNNING = 2
const MAX_WAITING = 64

type Queue = { running: number; waiting: (() => void)[] }
// Next's bundle and natively loaded code are two instances of this module; the limit is for the
// process.
const held = globalThis as typeof globalThis & { lapseHashing?: Queue }
held.lapseHashing ??= { running: 0, waiting: [] }
const queue = held.lapseHashing

/** How many hashes run and how many wait. */
export const hashing = () => ({ running: queue.running, waiting: queue.waiting.length })

async function queued<Result>(work: () => Promise<Result>): Promise<Result> {
  if (queue.running < MAX_RUNNING) queue.running += 1
  else {
    if (queue.waiting.length >= MAX_WAITING) {
      throw new Refusal("too_many", "Too many people are signing in just now. Try again shortly.", {
        retryAfterSeconds: 5,
      })
    }
    await new Promise<void>((resolve) => queue.waiting.push(resolve))
  }
  try {
    return await work()
  } finally {
    // The next one takes this place, so the count stays the same and no other call can start in
    // between.
    const next = queue.waiting.shift()
    if (next) next()
    else queue.running -= 1
  }
}

// Keyboards differ in how they compose an umlaut.
const normalized = (password: string) => password.normalize("NFC")

/**
 * An argon2id hash in PHC form. At most two run at once per process; refuses (too_many) if the
 * queue is full.
 */
export function hashPassword(password: string): Promise<string> {
  return queued(() => hash(normalized(password), COST))
}

/** Whether the password matches the hash. A null hash takes as long and never matches. */
export async function verifyPassword(
  passwordHash: string | null,
  password: string,
): Promise<boolean> {
  const matches = await queued(() => verify(passwordHash ?? DUMMY_HASH, normalized(password)))
  return passwordHash !== null && matches
}
