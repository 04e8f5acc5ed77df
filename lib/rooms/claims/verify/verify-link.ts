import "server-only"
import { timingSafeEqual } from "node:crypto"
import { statement } from "#lib/adapters/database/statement.ts"
import { checkAttempt, clearAttempts } from "#lib/adapters/throttle/attempt-limits.ts"
import { recordGuess } from "#lib/adapters/throttle/guess-counts.ts"
import { codeOf } from "#lib/rooms/mail/code-of.ts"
import { TICKET_SECONDS } from "#lib/rooms/shares/share.ts"
import { judgeRows } from "../access/judge-rows.ts"
import { proofVersionOf } from "../access/proofs.ts"
import { type Reason, refused } from "../access/refusals.ts"
import { logUnlocking } from "../open/unlock-link.ts"
import { signUnlock } from "../visitor/visitor-cookies.ts"
import type { VisitorSource } from "../visitor/visitor-source.ts"
import { CODE_MINUTES } from "./mail-code.ts"

/** How many wrong codes end a mail's. */
export const MAX_TRIES = 5

const ASKED = { publicId: "bytea[]" } as const

/**
 * Judges the link, and counts the try in the row of the mail, whose lock makes simultaneous tries
 * wait for each other: a code is right once, and none is after five tries.
 */
const tryCode = statement(
  "try_code",
  { ...ASKED, mailId: "uuid | null", isRight: "boolean" },
  `
WITH ${judgeRows({
    asked: ASKED,
    takes: "page",
    proofs: [],
    files: "none",
    limit: false,
    more: { columns: "l.address AS code_address, s.password_hash" },
  })},
tried AS (
  UPDATE mail SET tries = CASE WHEN :isRight THEN ${MAX_TRIES} ELSE tries + 1 END
  FROM judged
  WHERE mail.id = :mailId AND kind = 'code' AND target_id = link_id AND to_address = code_address
    AND link_verify AND tries < ${MAX_TRIES}
    AND created_at > statement_timestamp() - interval '${CODE_MINUTES} minutes'
  RETURNING :isRight AS is_right
)
SELECT link_id, share_id, link_verify, refusal = 'verify' AND password_hash IS NULL AS opens,
  ${proofVersionOf("judged")} AS proof_version, refusal,
  statement_timestamp() AS now, coalesce((SELECT is_right FROM tried), false) AS is_right
FROM judged`,
)

type Row = {
  link_id: string
  share_id: string
  link_verify: boolean
  /** Whether a right code opens the page. */
  opens: boolean
  proof_version: number
  refusal: Reason | null
  now: Date
  is_right: boolean
}

type Verifying = {
  publicId: Uint8Array
  /** The mail that this browser asked for; null if it did not. */
  mailId: string | null
  code: string
  address: string
  source: VisitorSource
}

/**
 * Exchanges a code for the value of an unlock cookie; null if the code is wrong, was used, is older
 * than ten minutes, or belongs to another link or to an address that the link had before. The answer
 * is the same for a link without codes. Refuses `too_many`, and (gone) a link that is revoked or
 * expired.
 */
export async function verifyLink({
  publicId,
  mailId,
  code,
  address,
  source,
}: Verifying): Promise<string | null> {
  const subject = Buffer.from(publicId).toString("hex")
  const counted = await checkAttempt({ purpose: "verify", subject, address })
  const isRight = mailId !== null && isSame(code.replace(/\s/g, ""), codeOf(mailId))
  const [row] = await tryCode<Row>({ publicId: [publicId], mailId, isRight })
  if (!row) return null
  if (row.refusal === "revoked" || row.refusal === "expired") throw refused("expired")
  if (!row.is_right) {
    if (!row.link_verify) return null
    await recordGuess({ subject: row.share_id, address })
    await logUnlocking(row, "failed", source)
    return null
  }
  await clearAttempts(counted)
  await logUnlocking(row, row.opens ? "opens" : "still_locked", source)
  return signUnlock({
    linkId: row.link_id,
    proofVersion: row.proof_version,
    expiresAt: new Date(row.now.getTime() + TICKET_SECONDS * 1000),
    isCode: true,
  })
}

function isSame(one: string, other: string) {
  const [given, right] = [Buffer.from(one), Buffer.from(other)]
  return given.length === right.length && timingSafeEqual(given, right)
}
