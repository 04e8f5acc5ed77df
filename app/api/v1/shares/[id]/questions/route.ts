import { dismissQuestions } from "#lib/rooms/questions/dismiss-questions.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"

type Context = { params: Promise<{ id: string }> }

/** Dismisses the questions about a share; the share does not change. */
export const DELETE = memberRoute(async ({ id: owner }, _request, { params }: Context) => {
  await dismissQuestions(owner, (await params).id)
  return new Response(null, { status: 204 })
})
