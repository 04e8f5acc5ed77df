import "server-only"
import { db, type Prisma } from "#lib/adapters/database.ts"
import type { AuditorId, OwnerId } from "#lib/rooms/accounts/member.ts"
import { QUESTIONS_KEPT, type Questions } from "./question.ts"

/** Lists the questions about an owner's share; none if an admin ended it: admins get those. */
export async function listQuestions(owner: OwnerId, shareId: string): Promise<Questions> {
  return readQuestions({ id: shareId, ownerId: owner, revokedByAdmin: false })
}

/** Lists the questions about a share that an admin ended. Empty for any other share. */
export async function listQuestionsAsAdmin(_by: AuditorId, shareId: string): Promise<Questions> {
  return readQuestions({ id: shareId, revokedByAdmin: true })
}

async function readQuestions(where: Prisma.ShareWhereInput): Promise<Questions> {
  const share = await db.share.findFirst({
    where,
    select: {
      openQuestions: true,
      questions: {
        where: { answeredAt: null },
        orderBy: [{ at: "desc" }, { id: "desc" }],
        take: QUESTIONS_KEPT,
        select: {
          id: true,
          note: true,
          agent: true,
          at: true,
          link: { select: { recipient: true } },
        },
      },
    },
  })
  const { questions = [], openQuestions: count = 0 } = share ?? {}
  const items = questions.map(({ link, at, ...question }) => ({
    ...question,
    recipient: link?.recipient || null,
    at: at.toISOString(),
  }))
  return { items, count }
}
