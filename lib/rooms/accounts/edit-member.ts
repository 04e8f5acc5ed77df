import "server-only"
import { db } from "#lib/adapters/database.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { evenOnFullDisk } from "#lib/adapters/watch/disk-ballast.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"
import { disableMember, type OnDisable } from "./disable-member.ts"
import { lockMembers } from "./lock-members.ts"
import { type AdminId, type MemberEdit, type MemberView, roleColumns, roleOf } from "./member.ts"
import { memberColumns, memberView } from "./member-columns.ts"

/**
 * Disables or enables a member, and sets the role and the quota. Refuses (conflict) an edit that
 * would leave no active admin, even under concurrent edits. Disabling permanently ends the member's
 * sessions and reset links. `onDisable` runs in its transaction, while the member's row is locked.
 */
export function editMember(
  admin: AdminId,
  id: string,
  edit: MemberEdit,
  onDisable: OnDisable = async () => {},
): Promise<MemberView> {
  return evenOnFullDisk(() => edited(admin, { id, edit, onDisable }))
}

type Editing = { id: string; edit: MemberEdit; onDisable: OnDisable }

function edited(admin: AdminId, { id, edit, onDisable }: Editing): Promise<MemberView> {
  return db.$transaction(async (tx) => {
    const { admins, now } = await lockMembers(tx, id)
    if (!admins.includes(admin)) throw refusal("forbidden", "no_longer_admin")
    const before = await tx.member.findUnique({
      where: { id, deletedAt: null },
      select: memberColumns,
    })
    if (!before) throw refusal("not_found", "no_member")

    const losesAdmin = edit.disabled === true || (edit.role ?? "admin") !== "admin"
    if (losesAdmin && admins.includes(id) && admins.length === 1) {
      throw refusal("conflict", "last_admin")
    }

    const disables = edit.disabled === true && before.disabledAt === null
    const enables = edit.disabled === false && before.disabledAt !== null
    const member = `${before.name} <${before.email}>`
    if (disables) {
      await disableMember(tx, { id, actorId: admin, now, details: { member }, onDisable })
    }
    const after = await tx.member.update({
      where: { id },
      data: {
        ...(enables ? { disabledAt: null } : {}),
        // An admin's decision overrides the rules for domain and group at the next sign-in.
        ...(edit.disabled === undefined ? {} : { refusedAt: null }),
        ...(edit.disabled === false ? { byRule: false } : {}),
        ...(edit.role ? roleColumns(edit.role) : {}),
        ...(edit.quotaBytes === undefined ? {} : { quotaBytes: edit.quotaBytes }),
      },
      select: memberColumns,
    })

    const entry = { actorId: admin, targetId: id }
    if (enables) await recordAudit(tx, { ...entry, action: "member.enable", details: { member } })
    if (roleOf(before) !== roleOf(after)) {
      const details = { member, role: roleOf(after) }
      await recordAudit(tx, { ...entry, action: "member.role", details })
    }
    if (before.quotaBytes !== after.quotaBytes) {
      const details = { member, quotaBytes: memberView(after).quotaBytes }
      await recordAudit(tx, { ...entry, action: "member.quota", details })
    }
    return memberView(after)
  })
}
