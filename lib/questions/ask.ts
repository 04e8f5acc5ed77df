import "server-only"
import { checkAttempt } from "#lib/accounts/sign-in/throttle.ts"
import { LINK } from "#lib/claims/access/file-joins.ts"
import { refused } from "#lib/claims/access/refusals.ts"
import type { VisitorSource } from "#lib/claims/visitor/visitor-source.ts"
import { statement } from "#lib/database/statement.ts"
import { requireRoom } from "#lib/host/disk-room.ts"
import { limitedClaimsOf, statusOf } from "#lib/shares/share-sql.ts"
import { newId } from "#lib/uuid.ts"
import { QUESTIONS_KEPT } from "./question.ts"

type Asking = {
  publicId: Uint8Array
  /** One line, or empty. */
  note: string
  /** The client's address, by which questions are throttled. */
  address: string
  source: VisitorSource
}

const isOver = `${statusOf("s", limitedClaimsOf("s"))} IN ('revoked', 'expired', 'used_up')`

const findLink = statement(
  "link_over",
  { publicId: "bytea" },
  `SELECT l.id AS link_id, ${isOver} AS over FROM ${LINK} WHERE l.public_id = :publicId`,
)

/**
 * The share's row counts the questions, so that it decides which are kept: simultaneous questions
 * wait for it, and an answer either comes before them or finds them.
 */
const insertQuestion = statement(
  "ask",
  { publicId: "bytea", id: "uuid", note: "text", agent: "text | null", visitor: "bytea" },
  `
WITH asked AS (
  UPDATE share s SET open_questions = s.open_questions + 1
  FROM link l
  WHERE l.public_id = :publicId AND s.id = l.share_id AND ${isOver}
  RETURNING s.id AS share_id, l.id AS link_id, s.open_questions
),
kept AS (
  INSERT INTO question (id, share_id, link_id, note, agent, visitor)
  SELECT :id, share_id, link_id, :note, :agent, :visitor
  FROM asked WHERE open_questions <= ${QUESTIONS_KEPT}
)
SELECT link_id FROM asked`,
)

/**
 * Asks the owner of a link that no longer opens, or the admins if one of them ended it, to open it
 * again. Returns false if the link still opens or will open. Needs no password, and says nothing
 * about the share. Refuses not_found, too_many, and unavailable while the disk is full.
 */
export async function ask({ publicId, note, address, source }: Asking): Promise<boolean> {
  const [link] = await findLink<{ link_id: string; over: boolean }>({ publicId })
  if (!link) throw refused("unknown")
  if (!link.over) return false
  requireRoom("question")
  await checkAttempt({ purpose: "ask", subject: link.link_id, address })
  const { agent, visitor } = source
  const asked = await insertQuestion({ publicId, id: newId(), note, agent, visitor })
  return asked.length > 0
}
