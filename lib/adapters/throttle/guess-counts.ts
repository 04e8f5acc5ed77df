import "server-only"
import { statement } from "#lib/adapters/database/statement.ts"
import { knownDatabaseTime } from "#lib/adapters/database/time.ts"
import { addressPrefix } from "#lib/adapters/http/address-prefix.ts"
import { keyOf } from "./attempt-limits.ts"
import { countInWindow } from "./count-in-window.ts"

const SLOT_SECONDS = 300
const SLOTS_PER_HOUR = 3600 / SLOT_SECONDS

/** The number of wrong passwords and codes in the last hour, and of addresses (/32, IPv6 /64). */
export type Guesses = { guesses: number; addresses: number }

const addGuess = statement(
  "add-guess",
  { subject: "text", address: "text" },
  countInWindow(`SELECT 'wrong_password', :subject, :address, 1,
    statement_timestamp() + interval '1 hour'`),
)

const sumGuesses = statement(
  "sum-guesses",
  { subjects: "text[]" },
  `SELECT coalesce(sum(attempts), 0)::int AS guesses, count(DISTINCT address)::int AS addresses
   FROM attempt WHERE purpose = 'wrong_password' AND subject = ANY(:subjects)`,
)

/**
 * Counts a wrong password or code, in slots of five minutes, so that the last hour can be summed.
 * These counts limit nothing; the throttle's own rows end after a minute.
 */
export async function recordGuess({ subject, address }: { subject: string; address: string }) {
  const slot = slotOf(knownDatabaseTime())
  await addGuess({
    subject: slotKey(subject, slot),
    address: addressPrefix(address),
  })
}

/** Counts the wrong passwords and codes for a subject in the last hour, to one slot. */
export async function recentGuesses(subject: string, now = knownDatabaseTime()): Promise<Guesses> {
  const last = slotOf(now)
  const subjects = Array.from({ length: SLOTS_PER_HOUR }, (_, back) =>
    slotKey(subject, last - back),
  )
  const [row] = await sumGuesses<Guesses>({ subjects })
  return row ?? { guesses: 0, addresses: 0 }
}

const slotOf = (at: Date) => Math.floor(at.getTime() / 1000 / SLOT_SECONDS)

const slotKey = (subject: string, slot: number) => keyOf(`${subject} ${slot}`)
