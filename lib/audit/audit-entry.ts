import "server-only"
import { z } from "zod"
import { ListQuery } from "#lib/database/list-query.ts"
import { PlainText } from "#lib/text/plain-text.ts"
import { Uuid } from "#lib/uuid.ts"

/** An entry of the audit log. Times are ISO 8601 UTC. */
export type AuditEntryView = {
  id: string
  at: string
  /** Null for what the installation did by itself. */
  actorId: string | null
  /** Name and email address at that time. */
  actor: string
  /** For example "share.revoke". */
  action: string
  targetId: string | null
  /** The entry of the bulk act that this one is a part of. */
  actId: string | null
  /** Where the request came from: the address, or "#" and a hash that is equal for the same one. */
  origin: string | null
  details: Record<string, unknown>
}

/** A day (UTC) or an instant, which the database can compare. */
const Moment = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })])
  .refine(
    (moment) => /^(20|21)/.test(moment) && !Number.isNaN(Date.parse(moment)),
    "Give a day or a time in the years 2000 to 2199.",
  )

/** What narrows the audit log down. */
export const AuditFilter = z.object({
  /** An action ("share.revoke") or its room ("share"). */
  action: z
    .string()
    .regex(/^[a-z_]+(\.[a-z_]+)?$/)
    .optional(),
  actorId: Uuid.optional(),
  targetId: PlainText.pipe(z.string().max(100)).optional(),
  /** The parts of this bulk act. Without it and without a target, parts are left out. */
  actId: Uuid.optional(),
  /** The client's address, or the origin of an entry. */
  origin: PlainText.pipe(z.string().max(100)).optional(),
  /** From this moment on; a day begins at 00:00 UTC. */
  since: Moment.optional(),
  /** Before this moment; of a day, to its end. */
  until: Moment.optional(),
  /** In the actor's name and address and in the details. */
  q: ListQuery.shape.q,
})
export type AuditFilter = z.infer<typeof AuditFilter>

export const AuditQuery = AuditFilter.extend({
  cursor: ListQuery.shape.cursor,
  limit: z.coerce.number().int().min(1).max(200).default(50),
})
export type AuditQuery = z.infer<typeof AuditQuery>

const DAY_MS = 86_400_000

/** The instant at which a filter begins. */
export const beginOf = (moment: string) => new Date(moment)

/** The instant before which a filter ends: a day is in it whole. */
export const endOf = (moment: string) =>
  new Date(new Date(moment).getTime() + (moment.length === 10 ? DAY_MS : 0))
