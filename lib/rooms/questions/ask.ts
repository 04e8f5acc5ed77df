import "server-only"
import { statement } from "#lib/adapters/database/statement.ts"
import { db } from "#lib/adapters/database.ts"
import { requireRoom } from "#lib/adapters/host/disk-room.ts"
import { addJob } from "#lib/adapters/queue.ts"
import { newId } from "#lib/adapters/text/uuid.ts"
import { checkAttempt } from "#lib/adapters/throttle/attempt-limits.ts"
import { refused } from "#lib/rooms/claims/access/refusals.ts"
import { openLink } from "#lib/rooms/claims/open/open-link.ts"
import type { VisitorCookies } from "#lib/rooms/claims/visitor/visitor-cookies.ts"
import type { VisitorSource } from "#lib/rooms/claims/visitor/visitor-source.ts"
import { settleQuestions } from "#lib/rooms/shares/edit/settle-questions.ts"
import { endsLink, opensWithFiles } from "#lib/rooms/shares/share-sql.ts"
import { QUESTIONS_KEPT } from "./question.ts"

type Asking = {
  publicId: Uint8Array
  cookies: VisitorCookies
  /** One line, or empty. */
  note: string
  /** The client's address, by which questions are throttled. */
  address: string
  source: VisitorSource
}

/**
 * The share's row counts the questions and so decides which are kept. Simultaneous questions wait
 * for it, and an answer is either before them or includes them.
 */
const insertQuestion = statement(
  "ask",
  { publicId: "bytea", id: "uuid", note: "text", agent: "text | null", visitor: "bytea" },
  `
WITH asked AS (
  UPDATE share s SET open_questions = s.open_questions + 1
  FROM link l
  WHERE l.public_id = :publicId AND s.id = l.share_id
    AND (NOT ${opensWithFiles("s")} OR ${endsLink("l")})
  RETURNING s.id AS share_id, l.id AS link_id, s.open_questions
),
kept AS (
  INSERT INTO question (id, share_id, link_id, note, agent, visitor)
  SELECT :id, share_id, link_id, :note, :agent, :visitor
  FROM asked WHERE open_questions <= ${QUESTIONS_KEPT}
)
SELECT share_id FROM asked`,
)

/**
 * Asks to open a link that no longer opens, or to add files to one whose files were deleted. Goes
 * to the owner or, if an admin ended the link, to the admins. Returns false if the link's page has
 * no form for it. Refuses not_found, too_many, and unavailable while the disk is full.
 */
export async function ask({ publicId, cookies, note, address, source }: Asking): Promise<boolean> {
  const see = () => openLink({ publicId, cookies, kind: null, source: null, from: address })
  const page = await see()
  if (page.state === "unknown") throw refused("unknown")
  if (!("asking" in page)) return false
  requireRoom("question")
  const subject = Buffer.from(publicId).toString("hex")
  await checkAttempt({ purpose: "ask", subject, address })
  const { agent, visitor } = source
  const [asked] = await insertQuestion<{ share_id: string }>({
    publicId,
    id: newId(),
    note,
    agent,
    visitor,
  })
  // What opened the link while the statement waited for the share's row is not in its snapshot.
  if (asked && !("asking" in (await see()))) {
    await db.$transaction((tx) => settleQuestions(tx, [asked.share_id], "edited"))
  }
  if (asked) await addJob(db, "sendRequest", { shareId: asked.share_id })
  return asked !== undefined
}
