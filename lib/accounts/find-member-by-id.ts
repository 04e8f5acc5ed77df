import "server-only"
import { db } from "#lib/db.ts"
import { refusal } from "#lib/text/sentences.ts"
import { isUuid } from "#lib/text/uuid.ts"
import type { AdminId, MemberView } from "./member.ts"
import { memberColumns, memberView } from "./member-columns.ts"

/** Returns a member by id, for an admin. Refuses `not_found`. */
export async function findMemberById(_admin: AdminId, id: string): Promise<MemberView> {
  const row = isUuid(id)
    ? await db.member.findUnique({ where: { id, deletedAt: null }, select: memberColumns })
    : null
  if (!row) throw refusal("not_found", "no_member")
  return memberView(row)
}
