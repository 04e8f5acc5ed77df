import { dismissQuestionsAsAdmin } from "#lib/rooms/questions/dismiss-questions.ts"
import { immediateAdminRoute } from "#lib/web/api/member-route.ts"

type Context = { params: Promise<{ id: string }> }

/** Dismisses the questions about a share; the share does not change. */
export const DELETE = immediateAdminRoute(async ({ adminId }, _request, { params }: Context) => {
  await dismissQuestionsAsAdmin(adminId, (await params).id)
  return new Response(null, { status: 204 })
})
