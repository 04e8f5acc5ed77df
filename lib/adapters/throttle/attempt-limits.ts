import "server-only"
import { createHmac } from "node:crypto"
import { statement } from "#lib/adapters/database/statement.ts"
import { rawSql, type Tx } from "#lib/adapters/database.ts"
import { requireRoom } from "#lib/adapters/host/disk-room.ts"
import { addressPrefix, countedNetwork } from "#lib/adapters/http/address-prefix.ts"
import { derivedKey } from "#lib/adapters/secrets.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { countInWindow, secondsLeft } from "./count-in-window.ts"

/** The attempts allowed in a window: on one subject, and from one address on all subjects. */
const RULES = {
  // Limits how many rows of failed sign-ins are written, not attempts at a secret.
  failed_sign_in: { attempts: 20, windowSeconds: 60, perAddress: null },
  sign_in: { attempts: 10, windowSeconds: 300, perAddress: 100 },
  // Limits an account's codes from anywhere, because only someone with its password can try them.
  code: { attempts: 10, windowSeconds: 900, perAddress: null },
  confirm: { attempts: 10, windowSeconds: 300, perAddress: null },
  password_change: { attempts: 10, windowSeconds: 300, perAddress: null },
  // Limits the sign-ins with the provider that an address begins and ends without success.
  provider: { attempts: 30, windowSeconds: 300, perAddress: null },
  // Limits the queries that tokens which are not valid cause, not attempts at 178 random bits.
  token: { attempts: 60, windowSeconds: 60, perAddress: null },
  // Limits the devices that an address signs in, and a member's guesses at their codes.
  device: { attempts: 20, windowSeconds: 600, perAddress: null },
  user_code: { attempts: 20, windowSeconds: 600, perAddress: null },
  setup: { attempts: 20, windowSeconds: 300, perAddress: null },
  reset: { attempts: 20, windowSeconds: 300, perAddress: 60 },
  invite: { attempts: 20, windowSeconds: 300, perAddress: 60 },
  // Limits how many invitations for anyone a member makes.
  invite_anyone: { attempts: 50, windowSeconds: 3600, perAddress: null },
  // Limit the mail that strangers cause, and members' mail to one address and in total.
  forgot: { attempts: 5, windowSeconds: 900, perAddress: 20 },
  mail_to: { attempts: 5, windowSeconds: 3600, perAddress: null },
  mail_by: { attempts: 500, windowSeconds: 3600, perAddress: null },
  // Limits admins' mail separately, so that inviting members cannot use it up.
  admin_mail_to: { attempts: 5, windowSeconds: 3600, perAddress: null },
  admin_mail_by: { attempts: 2000, windowSeconds: 3600, perAddress: null },
  // Limit the receipts that guests have mailed to one address, and from one network.
  receipt_to: { attempts: 5, windowSeconds: 3600, perAddress: null },
  receipt_from: { attempts: 60, windowSeconds: 3600, perAddress: null },
  unlock: { attempts: 10, windowSeconds: 60, perAddress: 100 },
  // Limit the codes that strangers have mailed for a link, the mails to one address, and tries.
  ask_code: { attempts: 2, windowSeconds: 3600, perAddress: 20 },
  code_to: { attempts: 5, windowSeconds: 3600, perAddress: null },
  code_to_daily: { attempts: 20, windowSeconds: 86_400, perAddress: null },
  verify: { attempts: 10, windowSeconds: 60, perAddress: 100 },
  // Limits wrong ids of links of an imported app.
  old_link: { attempts: 60, windowSeconds: 60, perAddress: 60 },
  // Limits guesses at the chosen addresses of requests.
  slug: { attempts: 30, windowSeconds: 60, perAddress: null },
  // Limit the deliveries that an address begins, and the calls by which it starts uploads.
  delivery: { attempts: 30, windowSeconds: 600, perAddress: 300 },
  delivery_files: { attempts: 1_500, windowSeconds: 600, perAddress: 5_000 },
  // Limits the URLs that a member gets to download own files, because egress costs money.
  download: { attempts: 100_000, windowSeconds: 600, perAddress: null },
  // Limits how often a visitor asks for a link to be opened again, not attempts at a secret.
  ask: { attempts: 5, windowSeconds: 600, perAddress: 50 },
} as const

/** An IPv6 /48 has as many attempts as this number of its /64s. */
const ADDRESSES_PER_NETWORK = 4
/** All known browsers of a subject together have as many attempts as this number of browsers. */
const BROWSERS_PER_SUBJECT = 5

type AttemptPurpose = keyof typeof RULES

type Attempt = {
  purpose: AttemptPurpose
  /** The email address or the share's id that the password belongs to. Stored as a keyed hash. */
  subject: string
  /** The client's address, counted by its /32 (IPv4) or its /64 and /48 (IPv6). */
  address: string
  /** The id in the cookie of a browser that entered this subject's right password before. */
  knownBrowser?: string | null
}

/** A row that counts attempts, and how many it allows in a window. */
type Counter = { subject: string; address: string; allowed: number }

/** The rows that counted an attempt. */
type CountedAttempt = {
  purpose: AttemptPurpose
  counters: Counter[]
  /** Set if the attempt was counted for its browser and not for its address. */
  knownBrowser: string | null
}

/** The address of attempts that are counted together, whatever their real address. */
export const ANYWHERE = "unknown"

/** The subject of the row that counts an address's attempts at all subjects. */
const ANY_SUBJECT = "*"
/** The address of the row that counts all known browsers of a subject. */
const KNOWN_BROWSERS = "known"

/** The keyed hash of a subject, so that the table of attempts contains no plain one. */
export const keyOf = (subject: string) =>
  createHmac("sha256", derivedKey("attempt")).update(subject).digest("base64url")

/** The counters of an attempt, widest first: the order in which they are counted and locked. */
function countersOf({ purpose, subject, address }: Attempt): Counter[] {
  const { attempts, perAddress } = RULES[purpose]
  const [key, prefix, network] = [keyOf(subject), addressPrefix(address), countedNetwork(address)]
  const counters = (name: string, allowed: number): Counter[] => [
    ...(network === null
      ? []
      : [{ subject: name, address: network, allowed: allowed * ADDRESSES_PER_NETWORK }]),
    { subject: name, address: prefix, allowed },
  ]
  return [
    ...(perAddress === null ? [] : counters(ANY_SUBJECT, perAddress)),
    ...counters(key, attempts),
  ]
}

function knownBrowserCounters({ purpose, subject }: Attempt, browser: string): Counter[] {
  const { attempts } = RULES[purpose]
  const key = keyOf(subject)
  return [
    { subject: key, address: KNOWN_BROWSERS, allowed: attempts * BROWSERS_PER_SUBJECT },
    { subject: key, address: `${KNOWN_BROWSERS}:${browser}`, allowed: attempts },
  ]
}

const MOST_COUNTERS = 4

/** Counts the attempt in the row at one place, unless a wider row refuses it. */
const count = (place: number) => `${countInWindow(`SELECT :purpose, asked.subject, asked.address, 1,
    statement_timestamp() + make_interval(secs => :windowSeconds)
  FROM asked
  WHERE asked.place = ${place} AND (NOT EXISTS (SELECT FROM spent)
      OR EXISTS (SELECT FROM spent WHERE spent.place = ${place}))
    ${Array.from({ length: place - 1 }, (_, before) => `AND NOT EXISTS (SELECT FROM counted_${before + 1} WHERE refuses)`).join("\n    ")}`)}
  RETURNING attempts > (SELECT allowed FROM asked WHERE asked.place = ${place}) AS refuses,
    ${secondsLeft("window_end_at")} AS wait`

const places = Array.from({ length: MOST_COUNTERS }, (_, index) => index + 1)

// One statement, so that simultaneous attempts are counted exactly. It locks the rows in a fixed
// order, so that two such statements never deadlock. `spent` are the rows that already refuse. An
// attempt that they refuse raises only them, so that it neither inserts rows nor uses up its
// network's attempts.
const countAttempt = statement(
  "count-attempt",
  {
    purpose: "text",
    subjects: "text[]",
    addresses: "text[]",
    allowed: "int[]",
    windowSeconds: "int",
  },
  `WITH asked AS (
     SELECT * FROM unnest(:subjects, :addresses, :allowed)
       WITH ORDINALITY AS r (subject, address, allowed, place)
   ),
   spent AS MATERIALIZED (
     SELECT asked.place FROM asked JOIN attempt a ON a.purpose = :purpose
       AND a.subject = asked.subject AND a.address = asked.address
     WHERE a.window_end_at > statement_timestamp() AND a.attempts >= asked.allowed
   ),
   ${places.map((place) => `counted_${place} AS (${count(place)})`).join(",\n")}
   ${places.map((place) => `SELECT * FROM counted_${place}`).join(" UNION ALL ")}`,
)

// After a right password, deletes the narrowest row's attempts and subtracts one from the others.
const forgetAttempt = statement(
  "forget-attempt",
  { purpose: "text", subjects: "text[]", addresses: "text[]" },
  `WITH held AS MATERIALIZED (
     SELECT a.subject, a.address, asked.place = cardinality(:subjects) AS narrowest
     FROM unnest(:subjects, :addresses) WITH ORDINALITY AS asked (subject, address, place)
     JOIN attempt a ON a.purpose = :purpose AND a.subject = asked.subject
       AND a.address = asked.address
     ORDER BY asked.place FOR UPDATE OF a
   ),
   lowered AS (
     UPDATE attempt a SET attempts = greatest(0, a.attempts - 1) FROM held
     WHERE a.purpose = :purpose AND a.subject = held.subject AND a.address = held.address
       AND NOT held.narrowest
   )
   DELETE FROM attempt a USING held
   WHERE a.purpose = :purpose AND a.subject = held.subject AND a.address = held.address
     AND held.narrowest`,
)

/** How many attempts a window allows on one subject. */
export const limitOf = (purpose: AttemptPurpose): number => RULES[purpose].attempts

const sumAttempts = statement(
  "count-guesses",
  { purpose: "text", subject: "text", knownBrowsers: "text" },
  `SELECT coalesce(sum(attempts), 0)::int AS guesses, count(*)::int AS addresses
     FROM attempt WHERE purpose = :purpose AND subject = :subject
       AND address NOT LIKE '%/48' AND address <> :knownBrowsers`,
)

const deleteOldAttempts = statement(
  "sweep-attempts",
  {},
  `DELETE FROM attempt WHERE (purpose, subject, address) IN (
     SELECT purpose, subject, address FROM attempt
     WHERE window_end_at < statement_timestamp() - interval '1 day' FOR UPDATE SKIP LOCKED)`,
)

/**
 * Counts an attempt and refuses (too_many, with the seconds to wait) one above the limit. Must be
 * called before hashing. Refuses (unavailable) while the disk is full. It slows attempts down and
 * never locks an account: other addresses are not refused, and the window ends after a while. A
 * known browser has its own attempts, which strangers at its address cannot use up.
 */
export async function checkAttempt(attempt: Attempt): Promise<CountedAttempt> {
  requireRoom("attempt") // the attempt is a row, and a right password writes more rows
  const { purpose, knownBrowser } = attempt
  if (knownBrowser) {
    const counters = knownBrowserCounters(attempt, knownBrowser)
    if ((await waitAfter(purpose, counters)) === null) return { purpose, counters, knownBrowser }
  }
  const counters = countersOf(attempt)
  const retryAfterSeconds = await waitAfter(purpose, counters)
  if (retryAfterSeconds === null) return { purpose, counters, knownBrowser: null }
  throw tooMany(retryAfterSeconds)
}

/** Counts an attempt in each row. Returns the seconds to wait if a row refuses it, else null. */
async function waitAfter(purpose: AttemptPurpose, counters: Counter[]) {
  const rows = await countAttempt<{ refuses: boolean; wait: number }>({
    purpose,
    subjects: counters.map(({ subject }) => subject),
    addresses: counters.map(({ address }) => address),
    allowed: counters.map(({ allowed }) => allowed),
    windowSeconds: RULES[purpose].windowSeconds,
  })
  const waits = rows.filter(({ refuses }) => refuses).map(({ wait }) => wait)
  return waits.length === 0 ? null : Math.max(...waits)
}

type Attempts = { purpose: AttemptPurpose; subject: string; count: number }

/**
 * Counts attempts from anywhere in the caller's transaction, and refuses (too_many) those above a
 * limit, which rolls back and counts nothing. Each subject is listed only once for each purpose.
 */
export async function countAttempts(tx: Pick<Tx, "$queryRaw">, counted: Attempts[]): Promise<void> {
  requireRoom("attempt")
  const rows = counted.map(({ purpose, subject, count }) => {
    const { attempts: allowed, windowSeconds } = RULES[purpose]
    return { purpose, subject: keyOf(subject), attempts: count, allowed, windowSeconds }
  })
  const [{ wait } = { wait: null }] = await tx.$queryRaw<{ wait: number | null }[]>`
    WITH asked AS (SELECT * FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      AS one (purpose text, subject text, attempts int, allowed int, "windowSeconds" int)),
    counted AS (${rawSql(COUNT_ATTEMPTS)} RETURNING purpose, subject, attempts, window_end_at)
    SELECT max(${rawSql(secondsLeft("window_end_at"))}) AS wait
    FROM counted JOIN asked USING (purpose, subject) WHERE counted.attempts > asked.allowed`
  if (wait !== null) throw tooMany(wait)
}

/**
 * Counts as many of these attempts from anywhere as the limit allows, in the caller's transaction.
 * Returns how many, and the seconds until the window ends.
 */
export async function countAllowed(
  tx: Pick<Tx, "$queryRaw" | "$executeRaw">,
  { purpose, subject, count }: Attempts,
): Promise<{ counted: number; wait: number }> {
  requireRoom("attempt")
  const { attempts: allowed, windowSeconds } = RULES[purpose]
  const rows = [{ purpose, subject: keyOf(subject), attempts: count, windowSeconds }]
  const [row] = await tx.$queryRaw<{ attempts: number; wait: number }[]>`
    WITH asked AS (SELECT * FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      AS one (purpose text, subject text, attempts int, "windowSeconds" int))
    ${rawSql(COUNT_ATTEMPTS)} RETURNING attempts, ${rawSql(secondsLeft("window_end_at"))} AS wait`
  if (!row) throw new Error("attempts were not counted")
  const above = Math.min(count, Math.max(0, row.attempts - allowed))
  await tx.$executeRaw`UPDATE attempt SET attempts = attempts - ${above}::int
    WHERE purpose = ${purpose} AND subject = ${keyOf(subject)} AND address = ${ANYWHERE}`
  return { counted: count - above, wait: row.wait }
}

const COUNT_ATTEMPTS = countInWindow(`SELECT purpose, subject, '${ANYWHERE}', attempts,
    statement_timestamp() + make_interval(secs => "windowSeconds")
  FROM asked ORDER BY purpose, subject`)

/** The refusal of attempts above a limit. */
export const tooMany = (retryAfterSeconds: number) =>
  refusal("too_many", "attempts", { when: { inSeconds: retryAfterSeconds } }, { retryAfterSeconds })

/** Forgets an attempt after a right password, and earlier ones of its address at its subject. */
export async function clearAttempts({ purpose, counters }: CountedAttempt): Promise<void> {
  await forgetAttempt({
    purpose,
    subjects: counters.map(({ subject }) => subject),
    addresses: counters.map(({ address }) => address),
  })
}

/** Counts recent wrong attempts at a subject, and their addresses; rows stay for a day. */
export async function countGuesses(
  purpose: AttemptPurpose,
  subject: string,
): Promise<{ guesses: number; addresses: number }> {
  const values = { purpose, subject: keyOf(subject), knownBrowsers: KNOWN_BROWSERS }
  const [row] = await sumAttempts<{ guesses: number; addresses: number }>(values)
  return row ?? { guesses: 0, addresses: 0 }
}

/** Deletes attempts whose window ended more than a day ago. The sweep calls it. */
export async function sweepAttempts(): Promise<void> {
  await deleteOldAttempts({})
}
