import "server-only"
import { db } from "#lib/adapters/database.ts"
import { Refusal } from "#lib/adapters/errors.ts"
import { evenOnFullDisk } from "#lib/adapters/watch/disk-ballast.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"
import { roleColumns } from "../member.ts"

/**
 * Makes a member an admin, for the operator if no admin can. Repeating it changes nothing. Refuses
 * `not_found`, and (conflict) a disabled member. Returns the name, and whether the member was
 * already an admin.
 */
export function makeAdmin(email: string): Promise<{ name: string; wasAdmin: boolean }> {
  return evenOnFullDisk(() =>
    db.$transaction(async (tx) => {
      const [found] = await tx.$queryRaw<Found[]>`
        SELECT id::text, name, email, role = 'admin' AS "wasAdmin", disabled_at IS NOT NULL AS disabled
        FROM member
        WHERE email = ${email.toLowerCase()} AND member_kind = 'person' FOR NO KEY UPDATE`
      if (!found) throw new Refusal("not_found", `No member has the email address ${email}.`)
      const { id, name, wasAdmin, disabled } = found
      if (disabled) throw new Refusal("conflict", `${name} is disabled.`)
      if (wasAdmin) return { name, wasAdmin }
      await tx.member.update({ where: { id }, data: roleColumns("admin"), select: { id: true } })
      const details = { member: `${name} <${found.email}>`, role: "admin" }
      await recordAudit(tx, { actorId: null, action: "member.role", targetId: id, details })
      return { name, wasAdmin }
    }),
  )
}

type Found = { id: string; name: string; email: string; wasAdmin: boolean; disabled: boolean }
