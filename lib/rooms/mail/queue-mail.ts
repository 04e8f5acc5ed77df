import "server-only"
import type { Tx } from "#lib/adapters/database.ts"
import { addJobs } from "#lib/adapters/queue.ts"
import { newId } from "#lib/adapters/text/uuid.ts"
import type { MailContent, MailInput } from "./mail.ts"

/**
 * Returns the queue and priority of a mail job. Mail jobs run one at a time, so that a slow mail
 * server delays no other job. Password resets and codes come first, then invitations, because people wait for
 * them.
 */
export const inMailQueue = (kind: MailContent["kind"]) => ({
  queueName: "mail",
  priority: PRIORITIES[kind] ?? 0,
})
const PRIORITIES: Partial<Record<MailContent["kind"], number>> = {
  reset: -10,
  code: -10,
  invite: -6,
  shared: -5,
  linked: -3,
  account: -3,
}

const TRY_HOURS = 24

type NewMail = MailInput & {
  to: string
  /** The reader's language; null for English. */
  language: string | null
  /** The row whose link it contains, or the member who gets the notices. */
  targetId: string | null
  /** Its id, if that was chosen before. */
  id?: string
  /** When its link ends, after which the mail is not sent. */
  usefulUntil?: Date
  /** The earliest time to send it. The default is now. */
  runAt?: Date
  /** The member for whom it is counted at that time, because it is above the member's limit now. */
  countsFor?: string
}

/**
 * Adds a mail in the transaction that causes it: it is sent if and only if that commits. Delivery
 * is attempted for a day, or until its link ends.
 */
export const queueMail = (
  tx: Pick<Tx, "$executeRaw">,
  { to, targetId, id, ...mail }: NewMail,
): Promise<void> => queueMails(tx, mail, [{ to, targetId, ...(id && { id }) }])

type Addressee = Pick<NewMail, "to" | "targetId" | "id">

/** Adds mails with the same text but different recipients and links. */
export async function queueMails(
  tx: Pick<Tx, "$executeRaw">,
  { kind, values, language, usefulUntil, runAt, countsFor }: Omit<NewMail, keyof Addressee>,
  addressees: Addressee[],
): Promise<void> {
  const ids = addressees.map(({ id }) => id ?? newId())
  await tx.$executeRaw`
    INSERT INTO mail (id, kind, to_address, language, values, target_id, waits_until, counts_for, until)
    SELECT addressee.id, ${kind}, to_address, ${language}, ${JSON.stringify(values)}::jsonb, target_id,
      ${(countsFor && runAt) ?? null}::timestamptz, ${countsFor ?? null}::uuid,
      least(${usefulUntil ?? null}::timestamptz,
        statement_timestamp() + make_interval(hours => ${TRY_HOURS}::int))
    FROM unnest(${ids}::uuid[], ${addressees.map(({ to }) => to)}::text[],
      ${addressees.map(({ targetId }) => targetId)}::uuid[]) AS addressee (id, to_address, target_id)`
  const jobs = ids.map((id) => ({ id }))
  await addJobs(tx, "sendMail", jobs, { ...inMailQueue(kind), ...(runAt && { runAt }) })
}
