import "server-only"
import { recordAudit } from "#lib/audit/record-audit.ts"
import { canSendMail } from "#lib/configuration.ts"
import { databaseTimeIn } from "#lib/database/time.ts"
import { sql, type Tx } from "#lib/db.ts"
import type { AccountChange } from "#lib/mail/mail.ts"
import { queueMail } from "#lib/mail/queue-mail.ts"
import { plainName } from "#lib/text/plain-text.ts"

type Told = {
  memberId: string
  /** The member, an admin, or null for the operator. */
  actorId: string | null
  what: AccountChange
  /** The name of a passkey. */
  name?: string
}

/** How many changes one mail lists after its first. */
const MAX_MORE = 49

/**
 * Records a change of the ways in which a member signs in, in its transaction, and tells the member
 * by mail where there is mail: at once, and what follows within an hour in one mail at its end.
 * Call it last, since it waits for other changes of the member.
 */
export async function tellMember(
  tx: Tx,
  { memberId, actorId, what, name = "" }: Told,
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
      ...(!isOwn && { how: "for_member", member: `${member.name} <${member.email}>` }),
    },
  })
  if (!canSendMail()) return
  const admin =
    actorId && !isOwn
      ? await tx.member.findUniqueOrThrow({ where: { id: actorId }, select: person })
      : null
  const values = {
    what,
    name,
    at: (await databaseTimeIn(tx)).toISOString(),
    isOwn,
    by: admin && { name: plainName(admin.name), address: admin.email },
  }
  const mails = sql`kind = 'account' AND target_id = ${memberId}::uuid AND to_address = ${member.email}`
  // Simultaneous changes wait for each other here, so that they share a mail.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`account ${memberId}`}, 0))`
  const joined = await tx.$executeRaw`
    UPDATE mail SET values = CASE
      WHEN jsonb_array_length(coalesce(values->'more', '[]')) < ${MAX_MORE} THEN jsonb_set(
        values, '{more}', coalesce(values->'more', '[]') || ${JSON.stringify(values)}::jsonb)
      ELSE jsonb_set(values, '{unlisted}', to_jsonb(coalesce((values->>'unlisted')::int, 0) + 1)) END
    WHERE ${mails} AND attempts = 0 AND failed_at IS NULL`
  if (joined > 0) return
  const [last] = await tx.$queryRaw<{ next: Date | null }[]>`
    SELECT max(coalesce(sent_at, created_at)) + interval '1 hour' AS next FROM mail WHERE ${mails}`
  await queueMail(tx, {
    kind: "account",
    values,
    to: member.email,
    language: member.language,
    targetId: memberId,
    ...(last?.next && { runAt: last.next }),
  })
}

const person = { name: true, email: true } as const
