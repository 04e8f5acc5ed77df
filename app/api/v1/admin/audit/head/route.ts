import { refusal } from "#lib/adapters/text/sentences.ts"
import { sealedHead } from "#lib/rooms/audit/chain/sealed-head.ts"
import { adminRoute } from "#lib/web/api/member-route.ts"

/** Returns the sealed head of the audit log, which is stored outside of the database. */
export const GET = adminRoute(async () => {
  const head = await sealedHead()
  if (!head) throw refusal("not_found", "no_seal")
  return Response.json(head)
})
export const HEAD = GET
