import "server-only"
import { databaseTime } from "#lib/adapters/database/time.ts"
import { db } from "#lib/adapters/database.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"
import type { NewMember } from "#lib/rooms/imports/plan/plan.ts"

type Importing = {
  /** A hash that no password matches. */
  lockedHash: string
  actId: string
}

/** Makes a member, unless there is one with this address. Returns whether it did. */
export async function importMember(
  { disabled, passwordHash, ...columns }: NewMember,
  { lockedHash, actId }: Importing,
): Promise<boolean> {
  const data = {
    ...columns,
    passwordHash: passwordHash ?? lockedHash,
    disabledAt: disabled ? await databaseTime() : null,
  }
  return db.$transaction(async (tx) => {
    const [made] = await tx.member.createManyAndReturn({
      data,
      skipDuplicates: true,
      select: { id: true },
    })
    if (!made) return false
    await recordAudit(tx, {
      actorId: null,
      action: "member.import",
      targetId: made.id,
      actId,
      details: { member: `${columns.name} <${columns.email}>` },
    })
    return true
  })
}
