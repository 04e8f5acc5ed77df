import { cutOffFile } from "#lib/rooms/cut-offs/cut-off-file.ts"
import { findFileCutOff } from "#lib/rooms/cut-offs/read-cut-off.ts"
import { requireFile } from "#lib/rooms/files/require-file.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"

type Context = { params: Promise<{ id: string }> }

/** Returns the status of the file's last cut off. */
export const GET = memberRoute(async ({ id: owner }, _request, { params }: Context) => {
  const { id } = await requireFile(owner, (await params).id)
  return Response.json({ cutOff: await findFileCutOff(id) })
})
export const HEAD = GET

export const POST = memberRoute(async ({ id: owner }, _request, { params }: Context) => {
  const { id } = await params
  return Response.json(await cutOffFile(owner, id), { status: 202 })
})
