import "server-only"
import { db } from "#lib/adapters/database.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { isUuid } from "#lib/adapters/text/uuid.ts"
import type { AuditorId, MemberView } from "./member.ts"
import { memberColumns, memberView } from "./member-columns.ts"

/** Returns a person by id, for an admin. Refuses `not_found`. */
export async function findMemberById(_by: AuditorId, id: string): Promise<MemberView> {
  const row = isUuid(id)
    ? await db.member.findUnique({
        where: { id, kind: "person", deletedAt: null },
        select: memberColumns,
      })
    : null
  if (!row) throw refusal("not_found", "no_member")
  return memberView(row)
}
