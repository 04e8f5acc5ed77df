import "server-only"
import { sql, type Tx } from "#lib/adapters/database.ts"
import type { MailInput } from "./mail.ts"
import { queueMail } from "./queue-mail.ts"

/** The maximum number of changes that a mail lists after its first. */
const MAX_MORE = 49

type Told = {
  memberId: string
  to: string
  /** The reader's language; null for English. */
  language: string | null
  values: Extract<MailInput, { kind: "account" }>["values"]
}

/**
 * Tells a member at this address about a change of the account, in its transaction. The first
 * change is mailed at once; those within the following hour are mailed together at its end. The
 * transaction has locked the member, so that simultaneous changes share a mail.
 */
export async function queueChange(tx: Tx, { memberId, to, language, values }: Told): Promise<void> {
  const mails = sql`kind = 'account' AND target_id = ${memberId}::uuid AND to_address = ${to}`
  const joined = await tx.$executeRaw`
    UPDATE mail SET values = CASE
      WHEN jsonb_array_length(coalesce(values->'more', '[]')) < ${MAX_MORE} THEN jsonb_set(
        values, '{more}', coalesce(values->'more', '[]') || ${JSON.stringify(values)}::jsonb)
      ELSE jsonb_set(values, '{unlisted}', to_jsonb(coalesce((values->>'unlisted')::int, 0) + 1)) END
    WHERE ${mails} AND attempts = 0 AND failed_at IS NULL`
  if (joined > 0) return
  const [last] = await tx.$queryRaw<{ next: Date | null }[]>`
    SELECT max(coalesce(sent_at, created_at)) + interval '1 hour' AS next FROM mail WHERE ${mails}`
  const runAt = last?.next ? { runAt: last.next } : {}
  await queueMail(tx, { kind: "account", values, to, language, targetId: memberId, ...runAt })
}
