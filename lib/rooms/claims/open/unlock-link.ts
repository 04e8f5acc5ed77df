import "server-only"
import { statement } from "#lib/adapters/database/statement.ts"
import { db } from "#lib/adapters/database.ts"
import { checkAttempt, clearAttempts } from "#lib/adapters/throttle/attempt-limits.ts"
import { recordGuess } from "#lib/adapters/throttle/guess-counts.ts"
import { replaceBcrypt, verifyPassword } from "#lib/rooms/accounts/sign-in/password.ts"
import { TICKET_SECONDS } from "#lib/rooms/shares/share.ts"
import { isVerified, type Verb } from "../access/access.ts"
import { reserveEvents } from "../access/event-cap.ts"
import { arraysOf } from "../access/input-rows.ts"
import { judgeRows } from "../access/judge-rows.ts"
import { proofVersionOf, UNLOCK, unlockColumns } from "../access/proofs.ts"
import { type Reason, refused } from "../access/refusals.ts"
import { signUnlock, type Unlock } from "../visitor/visitor-cookies.ts"
import type { VisitorSource } from "../visitor/visitor-source.ts"

type Unlocking = {
  publicId: Uint8Array
  password: string
  /** What this browser proved before, which has to be the code if the link needs one. */
  unlock?: Unlock | null
  address: string
  /** The id of a browser that unlocked this link before. */
  knownBrowser?: string | null
  source: VisitorSource
}

const LOCK = { publicId: "bytea[]", ...UNLOCK } as const

const verb: Verb = {
  asked: LOCK,
  takes: "page",
  proofs: ["unlock"],
  files: "none",
  limit: false,
  more: { columns: "s.password_hash" },
}

// A proof of the code is only from a code, so that none is prolonged without one. The refusal does
// not say whether the code is missing: a share that opens later is refused for that first.
const findLock = statement(
  "link_lock",
  LOCK,
  `
WITH ${judgeRows(verb)}
SELECT link_id, share_id, password_hash, ${proofVersionOf("judged")} AS proof_version, refusal,
  ${isVerified(verb, { asked: "judged", share: "judged" })} AS verified,
  CASE WHEN link_verify THEN unlock_expires_at
    ELSE statement_timestamp() + make_interval(secs => ${TICKET_SECONDS}) END AS proof_ends
FROM judged`,
)

type Row = {
  link_id: string
  share_id: string
  password_hash: string | null
  proof_version: number
  refusal: Reason | null
  /** Whether no code is needed, or this browser proved it. */
  verified: boolean
  /** When a proof ends: for a link with a code, when that of the code does. */
  proof_ends: Date
}

const logUnlock = statement(
  "log_unlock",
  {
    shareId: "uuid",
    linkId: "uuid",
    kind: "text",
    opens: "boolean",
    agent: "text | null",
    referrer: "text | null",
    visitor: "bytea | null",
  },
  // The page that follows is no view, because the locked one was.
  `
WITH opened AS (
  UPDATE link SET opened_at = statement_timestamp()
  WHERE :opens AND id = :linkId AND NOT open AND opened_at IS NULL
),
reserved AS (${reserveEvents(
    "unlock_failed",
    "(SELECT :linkId AS link_id, 1 AS asked WHERE :kind = 'unlock_failed') AS failed",
  )})
INSERT INTO event (at, share_id, link_id, kind, agent, referrer, visitor)
SELECT statement_timestamp(), :shareId, :linkId, :kind::event_kind, :agent, :referrer, :visitor
WHERE :kind = 'unlock' OR EXISTS (SELECT FROM reserved)`,
)

/**
 * Exchanges the password for the value of an unlock cookie; null if the password is wrong. Attempts
 * are throttled by share and address before hashing. Refuses `not_found`, `too_many`, (verify) a
 * browser without the code that the link needs, and (gone) a link that is revoked or expired.
 */
export async function unlockLink({
  publicId,
  password,
  unlock = null,
  address,
  knownBrowser = null,
  source,
}: Unlocking): Promise<string | null> {
  const [lock] = await findLock<Row>(arraysOf(LOCK, [{ publicId, ...unlockColumns(unlock) }]))
  if (!lock) throw refused("unknown")
  if (lock.refusal === "revoked" || lock.refusal === "expired") throw refused("expired")
  if (!lock.verified) throw refused("verify")
  if (lock.password_hash !== null) {
    const attempt = { purpose: "unlock", subject: lock.share_id, address, knownBrowser } as const
    const counted = await checkAttempt(attempt)
    const place = { queue: "unlock", from: address, knownBrowser: counted.knownBrowser } as const
    if (!(await verifyPassword(lock.password_hash, password, place))) {
      await recordGuess({ subject: lock.share_id, address })
      await logUnlocking(lock, "failed", source)
      return null
    }
    await clearAttempts(counted)
    await logUnlocking(lock, "opens", source)
    const { share_id: id, password_hash: passwordHash } = lock
    await replaceBcrypt(passwordHash, password, (renewed) =>
      db.share.updateMany({ where: { id, passwordHash }, data: { passwordHash: renewed } }),
    )
  }
  return signUnlock({
    linkId: lock.link_id,
    proofVersion: lock.proof_version,
    expiresAt: lock.proof_ends,
  })
}

/**
 * Writes the event of a password or a code that was wrong or right. The first that opens a
 * recipient's link is when it was opened; after a code alone, a password may still be missing.
 */
export async function logUnlocking(
  { share_id: shareId, link_id: linkId }: Pick<Row, "share_id" | "link_id">,
  outcome: "failed" | "still_locked" | "opens",
  source: VisitorSource,
): Promise<void> {
  const kind = outcome === "failed" ? "unlock_failed" : "unlock"
  await logUnlock({ shareId, linkId, kind, opens: outcome === "opens", ...source })
}
