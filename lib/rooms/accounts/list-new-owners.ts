import "server-only"
import { z } from "zod"
import { db } from "#lib/adapters/database.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import type { AuditorId } from "./member.ts"

/** The maximum length of the list to choose from. The API accepts any member. */
const MAX_LISTED = 500

export const NewOwner = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  /** Null for a team. */
  email: z.string().nullable(),
})
export type NewOwner = z.infer<typeof NewOwner>

/** Lists active members and teams by name that may get the files of a member who is being disabled. */
export async function listNewOwners(_by: AuditorId, disabled: string): Promise<NewOwner[]> {
  const rows = await db.member.findMany({
    where: { disabledAt: null, deletedAt: null, id: { not: disabled } },
    orderBy: [{ name: "asc" }, { id: "asc" }],
    take: MAX_LISTED,
    select: { id: true, kind: true, name: true, email: true },
  })
  return rows.map(({ kind, email, ...row }) => ({
    ...row,
    name: plainName(row.name),
    email: kind === "team" ? null : email,
  }))
}
