import "server-only"
import { z } from "zod"
import { ListQuery } from "#lib/adapters/database/list-query.ts"
import { PlainText } from "#lib/adapters/text/plain-text.ts"
import { Uuid } from "#lib/adapters/text/uuid.ts"

/** An entry of the audit log. Times are ISO 8601 UTC. */
export const AuditEntryView = z.strictObject({
  id: z.uuid(),
  at: z.iso.datetime(),
  /** Null for an act of the installation itself. */
  actorId: z.string().nullable(),
  /** The actor's name and email address at that time. */
  actor: z.string(),
  /** For example "share.revoke". */
  action: z.string(),
  targetId: z.string().nullable(),
  /** The entry of the bulk act that this entry is a part of. */
  actId: z.string().nullable(),
  /**
   * The origin of the request: the address, or "#" and a hash that is equal for equal addresses.
   */
  origin: z.string().nullable(),
  details: z.record(z.string(), z.unknown()),
})
export type AuditEntryView = z.infer<typeof AuditEntryView>

/** A UTC day or an instant that the database can compare. */
const Moment = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })])
  .refine(
    (moment) => /^(20|21)/.test(moment) && !Number.isNaN(Date.parse(moment)),
    "Enter a day or time between the years 2000 and 2199.",
  )

export const AuditFilter = z.object({
  /** An action ("share.revoke") or its room ("share"). */
  action: z
    .string()
    .regex(/^[a-z_]+(\.[a-z_]+)?$/)
    .optional(),
  actorId: Uuid.optional(),
  targetId: PlainText.pipe(z.string().max(100)).optional(),
  /** Selects the parts of this bulk action. Without it and without a target, parts are left out. */
  actId: Uuid.optional(),
  /** The client's address, or the origin of an entry. */
  origin: PlainText.pipe(z.string().max(100)).optional(),
  /** The first moment that is included; a day begins at 00:00 UTC. */
  since: Moment.optional(),
  /** The moment before which entries are included; a day is included to its end. */
  until: Moment.optional(),
  /** Searches the actor's name and address and the details. */
  q: ListQuery.shape.q,
})
export type AuditFilter = z.infer<typeof AuditFilter>

export const AuditQuery = AuditFilter.extend({
  cursor: ListQuery.shape.cursor,
  limit: z.coerce.number().int().min(1).max(200).default(50),
})
export type AuditQuery = z.infer<typeof AuditQuery>

const DAY_MS = 86_400_000

export const beginOf = (moment: string) => new Date(moment)

/** Returns the instant before which a filter ends. A day is included whole. */
export const endOf = (moment: string) =>
  new Date(new Date(moment).getTime() + (moment.length === 10 ? DAY_MS : 0))
