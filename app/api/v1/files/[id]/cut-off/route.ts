import { cutOffFile } from "#lib/cut-offs/cut-off-file.ts"
import { memberRoute } from "#lib/web/member-route.ts"

type Context = { params: Promise<{ id: string }> }

export const POST = memberRoute(async ({ id: owner }, _request, { params }: Context) => {
  const { id } = await params
  return Response.json(await cutOffFile(owner, id), { status: 202 })
})
