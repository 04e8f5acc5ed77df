import "server-only"
import { currentOrigin } from "#lib/audit/origin.ts"
import { recordAudit } from "#lib/audit/record-audit.ts"
import { statement } from "#lib/database/statement.ts"
import { db, type Tx } from "#lib/db.ts"
import { Refusal } from "#lib/errors.ts"
import { checkAttempt } from "./throttle.ts"

const WINDOW_SECONDS = 300
/** A statement that began within a window may write shortly after the window ends. */
const GRACE_SECONDS = 15
/** How many ended windows one transaction turns into entries. */
const BATCH = 500

/**
 * The account for an address without a member. The address is not stored, because a password may
 * have been typed there.
 */
const NO_ACCOUNT = ""
/** The row that counts everything beyond the limit of rows. */
const REST = { account: "*", origin: "" }

const windowEnd = `date_bin(make_interval(secs => :windowSeconds), statement_timestamp(),
  timestamptz '2000-01-01 00:00:00Z') + make_interval(secs => :windowSeconds)`

const addToRow = statement(
  "add-failed-sign-in",
  { account: "text", origin: "text", windowSeconds: "int" },
  `INSERT INTO failed_sign_in AS f (window_end_at, account, origin, failures)
   VALUES (${windowEnd}, :account, :origin, 1)
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
 * Counts a sign-in with a wrong password, per account, address and window of five minutes. At most
 * 20 such rows are added a minute, however many strangers try; the rest is counted in one row.
 * `memberId` is null for an address without an account. It takes the same steps for every account.
 */
export async function countFailedSignIn(memberId: string | null): Promise<void> {
  const row = { account: memberId ?? NO_ACCOUNT, origin: currentOrigin() ?? "" }
  const [added] = await addToRow<{ windowEndAt: Date; isNew: boolean }>({
    ...row,
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

type Ended = { account: string; origin: string; failures: number; since: Date; until: Date }

/**
 * Makes an audit entry of each row whose window has ended, with its count, in the transaction that
 * deletes the row. Returns the number of entries. The job that runs every minute calls it.
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
    RETURNING account, origin, failures, window_end_at AS until,
      window_end_at - make_interval(secs => ${WINDOW_SECONDS}::int) AS since`
  for (const row of ended) await record(tx, row)
  return ended.length
}

async function record(tx: Tx, { account, origin, failures, since, until }: Ended) {
  const times = { since: since.toISOString(), until: until.toISOString() }
  const isMember = account !== NO_ACCOUNT && account !== REST.account
  await recordAudit(tx, {
    actorId: null,
    action: "session.refuse",
    ...(isMember ? { targetId: account } : {}),
    ...(origin ? { origin } : {}),
    details: {
      failures,
      ...times,
      ...(isMember ? { member: await nameOf(tx, account) } : {}),
      ...(account === REST.account ? { more: true } : {}),
    },
  })
}

async function nameOf(tx: Tx, id: string) {
  const member = await tx.member.findUnique({ where: { id }, select: { name: true, email: true } })
  return member && `${member.name} <${member.email}>`
}
