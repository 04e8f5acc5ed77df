import "server-only"
import { canSendMail } from "#lib/adapters/configuration.ts"
import { databaseTimeIn } from "#lib/adapters/database/time.ts"
import type { Tx } from "#lib/adapters/database.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"
import type { AccountChange } from "#lib/rooms/mail/mail.ts"
import { queueChange } from "#lib/rooms/mail/queue-change.ts"

type Told = {
  memberId: string
  /** The member or an admin; null for the operator. */
  actorId: string | null
  what: AccountChange
  /** The name of a passkey, or the member's new name or address. */
  name?: string
  /** The member's previous name or address. */
  before?: string
  /** The team that the change is about. */
  team?: { id: string } | null
  /** Another address that gets the mail too. */
  alsoTo?: string
}

/**
 * Records a change of how a member signs in, or of the member's name or address, and sends the
 * member a mail if mail is set up. Runs in the change's transaction of `changeCredentials`.
 */
export async function tellMember(
  tx: Tx,
  { memberId, actorId, what, name = "", before, team, alsoTo }: Told,
): Promise<void> {
  const isOwn = actorId === memberId
  const member = await tx.member.findUniqueOrThrow({
    where: { id: memberId },
    select: { name: true, email: true, language: true },
  })
  await recordAudit(tx, {
    actorId,
    action: `member.${what}`,
    targetId: memberId,
    details: {
      ...(name && { name }),
      ...(before !== undefined && { before }),
      ...(team && { teamId: team.id }),
      ...(!isOwn && { how: "for_member", member: `${member.name} <${member.email}>` }),
    },
  })
  if (!canSendMail()) return
  const values = {
    what,
    name,
    at: (await databaseTimeIn(tx)).toISOString(),
    isOwn,
    by: actorId && !isOwn ? await findPerson(tx, actorId) : null,
  }
  for (const to of [member.email, ...(alsoTo === undefined ? [] : [alsoTo])])
    await queueChange(tx, { values, to, language: member.language, memberId })
}

/** Returns the name and address of the member who caused a mail. */
export async function findPerson(tx: Tx, id: string): Promise<{ name: string; address: string }> {
  const { name, email } = await tx.member.findUniqueOrThrow({
    where: { id },
    select: { name: true, email: true },
  })
  return { name: plainName(name), address: email }
}
