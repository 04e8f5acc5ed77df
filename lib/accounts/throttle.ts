import "server-only"
import { createHmac } from "node:crypto"
import ipaddr from "ipaddr.js"
import { Refusal } from "#lib/errors.ts"
import { derivedKey } from "#lib/secrets.ts"
import { statement } from "#lib/statement.ts"

/** The attempts one address has in a window: at one subject, and at all subjects together. */
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
  /** What the password protects: an email address, a share's id. Stored as a keyed hash. */
  subject: string
  /** The client's address; counted by its /32 (IPv4) or /64 (IPv6) prefix. */
  address: string
}

/** The subject of the row that counts an address over all subjects. */
const ANY_SUBJECT = "*"

const keyOf = (subject: string) =>
  createHmac("sha256", derivedKey("attempt")).update(subject).digest("base64url")

/** The prefix of an address that one client cannot change at will. */
export function addressPrefix(address: string): string {
  if (!ipaddr.isValid(address)) return "unknown"
  const parsed = ipaddr.process(address)
  if (parsed.kind() === "ipv4") return parsed.toString()
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toString()}/64`).toString()}/64`
}

// One statement, so that simultaneous attempts are counted exactly; the rows always in this order,
// so that two such statements never deadlock.
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

// The update reads the delete, so the delete runs first: the rows are locked in the order of
// countAttempt.
const deleteAttempts = statement(
  "clear-attempts",
  { purpose: "text", subject: "text", anySubject: "text", address: "text" },
  `WITH cleared AS (
     DELETE FROM attempt
     WHERE purpose = :purpose AND subject = :subject AND address = :address RETURNING subject
   )
   UPDATE attempt SET attempts = greatest(0, attempts - 1)
     FROM (SELECT count(*) FROM cleared) AS first
    WHERE purpose = :purpose AND subject = :anySubject AND address = :address`,
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
 * Counts an attempt and refuses (too_many, with the seconds to wait) one above the limit. Call it
 * before hashing. It throttles and never locks: other addresses are not refused, and the window
 * ends by itself.
 */
export async function checkAttempt({ purpose, subject, address }: Attempt): Promise<void> {
  const rule = RULES[purpose]
  const key = keyOf(subject)
  const counted = await countAttempt<Counted>({
    purpose,
    subjects: rule.perAddress === null ? [key] : [key, ANY_SUBJECT],
    address: addressPrefix(address),
    windowSeconds: rule.windowSeconds,
  })
  const over = counted.filter(
    (row) =>
      row.attempts > (row.subject === ANY_SUBJECT ? (rule.perAddress ?? Infinity) : rule.attempts),
  )
  if (over.length === 0) return
  const retryAfterSeconds = Math.max(...over.map(({ wait }) => wait))
  throw new Refusal("too_many", `Too many attempts. Try again ${inWords(retryAfterSeconds)}.`, {
    retryAfterSeconds,
  })
}

/** Deletes the attempts of this address at this subject, after a right password. */
export async function clearAttempts({ purpose, subject, address }: Attempt): Promise<void> {
  await deleteAttempts({
    purpose,
    subject: keyOf(subject),
    anySubject: ANY_SUBJECT,
    address: addressPrefix(address),
  })
}

/**
 * Recent wrong attempts at a subject, and from how many addresses. They are deleted a day after
 * their window.
 */
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
