import "server-only"
import { hash, verify } from "@node-rs/argon2"
import { Refusal } from "#lib/errors.ts"

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane. Argon2id is the library's default. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

// The same cost as a real one, of a password nobody knows.
const NOBODYS =
  "$argon2id$v=19$m=19456,t=2,p=1$jqpKeRYQsPdb64z3t1mndw$WYVfZIgMbhiVbL531WtzZqWSD6oCNbqsz1NTesfSGf4"

const AT_ONCE = 2
const WAITING = 64

type Turns = { running: number; waiting: (() => void)[] }
// Next's bundle and natively loaded code are two instances of this module; the processor is one.
const held = globalThis as typeof globalThis & { lapseHashing?: Turns }
held.lapseHashing ??= { running: 0, waiting: [] }
const turns = held.lapseHashing

/** How many hashes run and how many wait, for the test and the metrics. */
export const hashing = () => ({ running: turns.running, waiting: turns.waiting.length })

async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  if (turns.running < AT_ONCE) turns.running += 1
  else {
    if (turns.waiting.length >= WAITING) {
      throw new Refusal("too_many", "Too many people are signing in just now. Try again shortly.", {
        retryAfterSeconds: 5,
      })
    }
    await new Promise<void>((resolve) => turns.waiting.push(resolve))
  }
  try {
    return await work()
  } finally {
    // The turn is handed on, so the count stays; nobody can slip in between.
    const next = turns.waiting.shift()
    if (next) next()
    else turns.running -= 1
  }
}

// Keyboards differ in how they compose an umlaut.
const composed = (password: string) => password.normalize("NFC")

/** An argon2id hash in PHC form. At most two run at once per process; refuses (too_many) when the queue is long. */
export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(composed(password), COST))
}

/** Whether the password is the one. A null hash costs the same work and is never right. */
export async function verifyPassword(
  passwordHash: string | null,
  password: string,
): Promise<boolean> {
  const right = await inTurn(() => verify(passwordHash ?? NOBODYS, composed(password)))
  return passwordHash !== null && right
}
