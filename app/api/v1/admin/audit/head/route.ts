import { sealedHead } from "#lib/audit/chain/sealed-head.ts"
import { Refusal } from "#lib/errors.ts"
import { adminRoute } from "#lib/web/api/member-route.ts"

/** Returns the sealed head of the audit log, which is stored outside of the database. */
export const GET = adminRoute(async () => {
  const head = await sealedHead()
  if (!head)
    throw new Refusal(
      "not_found",
      "The audit log has no verification seal yet. One is created every minute.",
    )
  return Response.json(head)
})
export const HEAD = GET
