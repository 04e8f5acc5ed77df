import "server-only"
import { createHash } from "node:crypto"
import { providerName } from "#lib/adapters/configuration.ts"
import { statement } from "#lib/adapters/database/statement.ts"
import { db, type Tx } from "#lib/adapters/database.ts"
import { Refusal } from "#lib/adapters/errors.ts"
import type { SentenceKey } from "#lib/adapters/text/sentences.ts"
import { checkAttempt } from "#lib/adapters/throttle/attempt-limits.ts"
import { currentOrigin } from "#lib/rooms/audit/origin.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"

const WINDOW_SECONDS = 300
/** A window is read this long after its end, so that its last statements have been committed. */
const GRACE_SECONDS = 15
/** The number of ended windows that one transaction turns into entries. */
const BATCH = 500

/** Replaces an address without a member, which is not stored because it may be a password. */
const NO_ACCOUNT = ""
/** The row that counts all attempts beyond the limit of rows. */
const REST = { account: "*", origin: "" }

const windowEnd = `date_bin(make_interval(secs => :windowSeconds), statement_timestamp(),
  timestamptz '2000-01-01 00:00:00Z') + make_interval(secs => :windowSeconds)`

const addToRow = statement(
  "add-failed-sign-in",
  { account: "text", origin: "text", refused: "text | null", windowSeconds: "int" },
  `INSERT INTO failed_sign_in AS f (window_end_at, account, origin, refused, failures)
   VALUES (${windowEnd}, :account, :origin, :refused::jsonb, 1)
   ON CONFLICT (window_end_at, account, origin) DO UPDATE SET failures = f.failures + 1
   RETURNING window_end_at AS "windowEndAt", xmax = 0 AS "isNew"`,
)

const moveRow = statement(
  "move-failed-sign-in",
  {
    windowEndAt: "timestamptz",
    account: "text",
    origin: "text",
    restAccount: "text",
    restOrigin: "text",
  },
  `WITH moved AS (
     DELETE FROM failed_sign_in
     WHERE window_end_at = :windowEndAt AND account = :account AND origin = :origin
     RETURNING failures
   )
   INSERT INTO failed_sign_in AS f (window_end_at, account, origin, failures)
   SELECT :windowEndAt, :restAccount, :restOrigin, failures FROM moved
   ON CONFLICT (window_end_at, account, origin) DO UPDATE
     SET failures = f.failures + excluded.failures`,
)

/**
 * Counts a sign-in with a wrong password by account, address and window of five minutes. However
 * many strangers try, at most 20 such rows are added a minute, and the rest is counted in one row.
 * `memberId` is null for an address without an account. The steps are the same for every account.
 */
export const countFailedSignIn = (memberId: string | null): Promise<void> =>
  count(memberId ?? NO_ACCOUNT, null)

/** Why a sign-in with the provider was refused, and the person's address or subject there. */
type Refused = { reason: SentenceKey; who: string | null }

/**
 * Counts a refused sign-in with the provider by reason, person, address and window, like a wrong
 * password. Call it only for a sign-in that this browser began.
 */
export const countRefusedByProvider = ({ reason, who }: Refused): Promise<void> =>
  count(hashOf([reason, who]), { reason, who })

/** Has the form of a member's id, because the previous version looks up the member by it. */
const hashOf = (parts: unknown) =>
  createHash("sha256")
    .update(JSON.stringify(parts))
    .digest("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5")

async function count(account: string, refused: Refused | null) {
  const row = { account, origin: currentOrigin() ?? "" }
  const [added] = await addToRow<{ windowEndAt: Date; isNew: boolean }>({
    ...row,
    refused: refused && JSON.stringify(refused),
    windowSeconds: WINDOW_SECONDS,
  })
  if (!added?.isNew || (await isBelowLimit())) return
  const { windowEndAt } = added
  await moveRow({ ...row, windowEndAt, restAccount: REST.account, restOrigin: REST.origin })
}

async function isBelowLimit() {
  try {
    await checkAttempt({ purpose: "failed_sign_in", subject: "", address: "unknown" })
    return true
  } catch (error) {
    if (error instanceof Refusal && error.code === "too_many") return false
    throw error
  }
}

type Ended = {
  account: string
  origin: string
  refused: Refused | null
  failures: number
  since: Date
  until: Date
}

/**
 * Makes an audit entry, with the count, from each row whose window has ended, in the transaction
 * that deletes the row. Returns the number of entries. The job that runs every minute calls it.
 */
export async function recordFailedSignIns(): Promise<number> {
  let recorded = 0
  for (;;) {
    const batch = await db.$transaction(recordBatch)
    recorded += batch
    if (batch < BATCH) return recorded
  }
}

async function recordBatch(tx: Tx) {
  const ended = await tx.$queryRaw<Ended[]>`
    DELETE FROM failed_sign_in WHERE (window_end_at, account, origin) IN (
      SELECT window_end_at, account, origin FROM failed_sign_in
      WHERE window_end_at < statement_timestamp() - make_interval(secs => ${GRACE_SECONDS}::int)
      ORDER BY window_end_at, account, origin LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)
    RETURNING account, origin, refused, failures, window_end_at AS until,
      window_end_at - make_interval(secs => ${WINDOW_SECONDS}::int) AS since`
  for (const row of ended) await record(tx, row)
  return ended.length
}

async function record(tx: Tx, { origin, failures, since, until, ...row }: Ended) {
  const times = { since: since.toISOString(), until: until.toISOString() }
  const { targetId, ...what } = await detailsOf(tx, row)
  await recordAudit(tx, {
    actorId: null,
    action: "session.refuse",
    targetId,
    origin: origin || null,
    details: { failures, ...times, ...what },
  })
}

async function detailsOf(tx: Tx, { account, refused }: Pick<Ended, "account" | "refused">) {
  if (refused) {
    const { reason, who } = refused
    const targetId = who === null ? undefined : (await find(tx, { email: who }))?.id
    return { targetId, provider: providerName(), reason, ...(who !== null && { who }) }
  }
  if (account === REST.account) return { targetId: undefined, more: true }
  if (account === NO_ACCOUNT) return { targetId: undefined }
  const member = await find(tx, { id: account })
  return { targetId: account, member: member && `${member.name} <${member.email}>` }
}

const find = (tx: Tx, where: { id: string } | { email: string }) =>
  tx.member.findUnique({
    where: { ...where, kind: "person" },
    select: { id: true, name: true, email: true },
  })
