import "server-only"
import { recordAudit } from "#lib/audit/record-audit.ts"
import { db, type Tx } from "#lib/db.ts"
import { evenOnFullDisk } from "#lib/host/disk-ballast.ts"
import { refusal } from "#lib/text/sentences.ts"
import { lockMembers } from "./lock-members.ts"
import type { AdminId, MemberEdit, MemberView } from "./member.ts"
import { memberColumns, memberView } from "./member-columns.ts"
import { endResets } from "./passwords/end-resets.ts"
import { endSessionsOf } from "./sign-in/session.ts"

/**
 * A step that runs in the transaction that disables a member. `actId` is the audit entry of
 * disabling the member.
 */
type OnDisable = (tx: Tx, actId: string) => Promise<void>

/**
 * Disables or enables a member, sets the role, sets a quota. Refuses (conflict) an edit that would
 * leave no active admin, also under concurrent edits. Disabling ends the member's sessions and
 * reset links for good; `onDisable` runs in its transaction, while the member's row is locked.
 */
export function editMember(
  admin: AdminId,
  id: string,
  edit: Omit<MemberEdit, "name" | "email">,
  onDisable: OnDisable = async () => {},
): Promise<MemberView> {
  return evenOnFullDisk(() => edited(admin, { id, edit, onDisable }))
}

type Editing = { id: string; edit: Omit<MemberEdit, "name" | "email">; onDisable: OnDisable }

function edited(admin: AdminId, { id, edit, onDisable }: Editing): Promise<MemberView> {
  return db.$transaction(async (tx) => {
    const { admins, now } = await lockMembers(tx, id)
    if (!admins.includes(admin)) throw refusal("forbidden", "no_longer_admin")
    const before = await tx.member.findUnique({
      where: { id, deletedAt: null },
      select: memberColumns,
    })
    if (!before) throw refusal("not_found", "no_member")

    const losesAdmin = edit.disabled === true || edit.role === "member"
    if (losesAdmin && admins.includes(id) && admins.length === 1) {
      throw refusal("conflict", "last_admin")
    }

    const disables = edit.disabled === true && before.disabledAt === null
    const enables = edit.disabled === false && before.disabledAt !== null
    const after = await tx.member.update({
      where: { id },
      data: {
        ...(disables ? { disabledAt: now, sessionEpoch: { increment: 1 } } : {}),
        ...(enables ? { disabledAt: null } : {}),
        // What an admin decides stays, whatever domain and group say at the next sign-in.
        ...(edit.disabled === undefined ? {} : { refusedAt: null }),
        ...(edit.disabled === false ? { byRule: false } : {}),
        ...(edit.role ? { role: edit.role } : {}),
        ...(edit.quotaBytes === undefined ? {} : { quotaBytes: edit.quotaBytes }),
      },
      select: memberColumns,
    })

    const entry = { actorId: admin, targetId: id }
    const member = `${after.name} <${after.email}>`
    if (disables) {
      await endSessionsOf(tx, id)
      await endResets(tx, id)
      const disabling = { ...entry, action: "member.disable", details: { member } }
      await onDisable(tx, await recordAudit(tx, disabling))
    }
    if (enables) await recordAudit(tx, { ...entry, action: "member.enable", details: { member } })
    if (before.role !== after.role) {
      const details = { member, role: after.role }
      await recordAudit(tx, { ...entry, action: "member.role", details })
    }
    if (before.quotaBytes !== after.quotaBytes) {
      const details = { member, quotaBytes: memberView(after).quotaBytes }
      await recordAudit(tx, { ...entry, action: "member.quota", details })
    }
    return memberView(after)
  })
}
