import "server-only"
import { z } from "zod"
import { db, sql } from "#lib/adapters/database.ts"
import { PlainText, plainName } from "#lib/adapters/text/plain-text.ts"
import { refusal, sentence } from "#lib/adapters/text/sentences.ts"
import type { AdminId } from "#lib/rooms/accounts/member.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"
import { NO_RESULT } from "#lib/rooms/files/file.ts"
import { giveColour } from "#lib/rooms/files/objects/give-colour.ts"
import { makeReady } from "#lib/rooms/files/scan/make-ready.ts"
import { replaceOlder } from "#lib/rooms/files/scan/replace-older.ts"
import { findUnchecked } from "#lib/rooms/files/scan/unchecked-file.ts"
import { type AdminFileView, requireAnyFile } from "./list-all-files.ts"

export const FileRelease = z.strictObject({
  /** Why, for the audit log. */
  reason: PlainText.pipe(
    z
      .string()
      .min(1, sentence("input_reason"))
      .max(500, sentence("input_most", { count: 500 })),
  ),
})
export type FileRelease = z.infer<typeof FileRelease>

/**
 * Makes a file ready that is held, or that waits for its check. Refuses `not_found`, and `conflict`
 * for any other file.
 */
export async function releaseFile(
  admin: AdminId,
  id: string,
  { reason }: FileRelease,
): Promise<AdminFileView> {
  const { name } = await requireAnyFile(admin, id)
  const notHeld = () => refusal("conflict", "not_held", { name })
  const file = await findUnchecked(id)
  if (!file) throw notHeld()
  const colour = await giveColour(file, () => refusal("conflict", "not_uploaded", { name }))
  await db.$transaction(async (tx) => {
    const which = sql`id = ${id}::uuid AND status IN ('checking', 'held')`
    const set = sql`, held_for = coalesce(held_for, ${NO_RESULT})`
    const released = await makeReady(tx, which, { key: file.key, colour, set })
    if (!released) throw notHeld()
    await replaceOlder(tx, id, admin)
    const { targetId, details } = released
    await recordAudit(tx, {
      actorId: admin,
      action: "file.release",
      targetId,
      details: { ...details, name: plainName(details.name), found: file.heldFor, reason },
    })
  })
  return requireAnyFile(admin, id)
}
