import "server-only"
import { createHmac } from "node:crypto"
import ipaddr from "ipaddr.js"
import { Refusal } from "#lib/errors.ts"
import { derivedKey } from "#lib/secrets.ts"
import { statement } from "#lib/statement.ts"

/** How many attempts one address has at one subject in a window, and at all subjects together. */
const RULES = {
  sign_in: { attempts: 10, windowSeconds: 300, perAddress: 100 },
  password_change: { attempts: 10, windowSeconds: 300, perAddress: null },
  setup: { attempts: 20, windowSeconds: 300, perAddress: null },
  invite: { attempts: 20, windowSeconds: 300, perAddress: 60 },
  unlock: { attempts: 10, windowSeconds: 60, perAddress: 100 },
} as const

export type AttemptPurpose = keyof typeof RULES

type Attempt = {
  purpose: AttemptPurpose
  /** What is guessed at: an email address, a link's id. Stored as a keyed hash. */
  subject: string
  /** The client's address; counted by its /32 (IPv4) or /64 (IPv6). */
  address: string
}

/** The row that counts an address whatever it guesses at. */
const ANYTHING = "*"

const keyOf = (subject: string) =>
  createHmac("sha256", derivedKey("attempt")).update(subject).digest("base64url")

/** The part of an address that one visitor cannot change at will. */
export function addressPrefix(address: string): string {
  if (!ipaddr.isValid(address)) return "unknown"
  const parsed = ipaddr.process(address)
  if (parsed.kind() === "ipv4") return parsed.toString()
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toString()}/64`).toString()}/64`
}

// One statement, so that simultaneous attempts are counted exactly; the rows always in this order, so
// that two such statements never deadlock.
const countAttempt = statement(
  "count-attempt",
  { purpose: "text", subjects: "text[]", address: "text", windowSeconds: "int" },
  `INSERT INTO attempt AS a (purpose, subject, address, attempts, window_end_at)
   SELECT :purpose, s, :address, 1, statement_timestamp() + make_interval(secs => :windowSeconds)
     FROM unnest(:subjects) WITH ORDINALITY AS subjects(s, n) ORDER BY n
   ON CONFLICT (purpose, subject, address) DO UPDATE SET
     attempts = CASE WHEN a.window_end_at <= statement_timestamp() THEN 1 ELSE a.attempts + 1 END,
     window_end_at = CASE WHEN a.window_end_at <= statement_timestamp()
       THEN excluded.window_end_at ELSE a.window_end_at END
   RETURNING subject, attempts,
     greatest(1, ceil(extract(epoch FROM window_end_at - statement_timestamp())))::int AS wait`,
)

// Read by the update, the delete comes first, as the subject does in countAttempt.
const forgetAttempts = statement(
  "forgive-attempts",
  { purpose: "text", subject: "text", anything: "text", address: "text" },
  `WITH forgiven AS (
     DELETE FROM attempt
     WHERE purpose = :purpose AND subject = :subject AND address = :address RETURNING subject
   )
   UPDATE attempt SET attempts = greatest(0, attempts - 1)
     FROM (SELECT count(*) FROM forgiven) AS first
    WHERE purpose = :purpose AND subject = :anything AND address = :address`,
)

const sumAttempts = statement(
  "count-guesses",
  { purpose: "text", subject: "text" },
  `SELECT coalesce(sum(attempts), 0)::int AS guesses, count(*)::int AS addresses
     FROM attempt WHERE purpose = :purpose AND subject = :subject`,
)

const deleteOldAttempts = statement(
  "sweep-attempts",
  {},
  `DELETE FROM attempt WHERE (purpose, subject, address) IN (
     SELECT purpose, subject, address FROM attempt
     WHERE window_end_at < statement_timestamp() - interval '1 day' FOR UPDATE SKIP LOCKED)`,
)

type Counted = { subject: string; attempts: number; wait: number }

/**
 * Counts an attempt and refuses (too_many, with the seconds to wait) one that is too many. Call it before hashing.
 * Slowed, never locked: another address is not refused, and the window ends by itself.
 */
export async function checkAttempt({ purpose, subject, address }: Attempt): Promise<void> {
  const rule = RULES[purpose]
  const key = keyOf(subject)
  const counted = await countAttempt<Counted>({
    purpose,
    subjects: rule.perAddress === null ? [key] : [key, ANYTHING],
    address: addressPrefix(address),
    windowSeconds: rule.windowSeconds,
  })
  const over = counted.filter(
    (row) =>
      row.attempts > (row.subject === ANYTHING ? (rule.perAddress ?? Infinity) : rule.attempts),
  )
  if (over.length === 0) return
  const retryAfterSeconds = Math.max(...over.map(({ wait }) => wait))
  throw new Refusal("too_many", `Too many attempts. Try again ${inWords(retryAfterSeconds)}.`, {
    retryAfterSeconds,
  })
}

/** Forgets the attempts of this address at this subject, after the right answer. */
export async function clearAttempts({ purpose, subject, address }: Attempt): Promise<void> {
  await forgetAttempts({
    purpose,
    subject: keyOf(subject),
    anything: ANYTHING,
    address: addressPrefix(address),
  })
}

/** Wrong answers lately given at a subject: how many and from how many addresses. Forgotten a day after their window. */
export async function countGuesses(
  purpose: AttemptPurpose,
  subject: string,
): Promise<{ guesses: number; addresses: number }> {
  const values = { purpose, subject: keyOf(subject) }
  const [row] = await sumAttempts<{ guesses: number; addresses: number }>(values)
  return row ?? { guesses: 0, addresses: 0 }
}

/** Removes attempts whose window ended more than a day ago. For the sweep. */
export async function sweepAttempts(): Promise<void> {
  await deleteOldAttempts({})
}

function inWords(seconds: number) {
  if (seconds < 60) return seconds === 1 ? "in a second" : `in ${seconds} seconds`
  const minutes = Math.ceil(seconds / 60)
  return minutes === 1 ? "in a minute" : `in ${minutes} minutes`
}
