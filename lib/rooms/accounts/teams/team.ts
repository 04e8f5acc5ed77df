import "server-only"
import { z } from "zod"
import { rawSql } from "#lib/adapters/database.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import { sentence } from "#lib/adapters/text/sentences.ts"
import { isUuid, Uuid } from "#lib/adapters/text/uuid.ts"
import { type ActingTeam, Email, MemberName } from "../member.ts"

/** How many teams an installation may have. */
export const MOST_TEAMS = 500
/** How many people a team may have. */
export const MOST_PEOPLE = 1_000

/** How long a sign-in that showed the team's group makes its person a member. */
const GROUP_DAYS = 7

/** In SQL: whether the row `tm` of a person counts. */
export const COUNTS = `(tm.group_at IS NULL OR
  tm.group_at > statement_timestamp() - interval '${GROUP_DAYS} days')`
export const counts = rawSql(COUNTS)

/** The columns of the team for which a session or token acts; all null without one. */
export type TeamColumns = {
  teamId: string | null
  teamName: string | null
  slug: string | null
  manager: boolean | null
}

export const actingTeam = ({ teamId, teamName, slug, manager }: TeamColumns): ActingTeam | null =>
  teamId === null || slug === null
    ? null
    : { id: teamId, slug, name: plainName(teamName ?? ""), manager: manager === true }

const Slug = z
  .string()
  .trim()
  .regex(/^[a-z0-9](?:[a-z0-9-]{1,28}[a-z0-9])$/, sentence("input_slug"))
  .refine((slug) => !isUuid(slug), sentence("input_slug"))

const Group = z.string().trim().min(1).max(200)

const Fields = z.strictObject({
  name: MemberName,
  /** The team's name in addresses: `/t/accounting`. */
  slug: Slug,
  /** Null for the installation's default. */
  quotaBytes: z.int(sentence("input_bytes")).min(0, sentence("input_0_bytes")).nullable(),
  /** The group at the provider whose people join at their sign-in; null for none. */
  group: Group.nullable(),
})

export const NewTeam = Fields.partial({ quotaBytes: true, group: true }).extend({
  /** The person who manages it first; left out, the admin who makes it. */
  manager: Uuid.optional(),
})
export type NewTeam = z.infer<typeof NewTeam>

export const TeamEdit = Fields.partial()
export type TeamEdit = z.infer<typeof TeamEdit>

/** A team as admins see it. */
export const TeamView = z.strictObject({
  id: z.uuid(),
  slug: z.string(),
  name: z.string(),
  quotaBytes: z.int().nullable(),
  usedBytes: z.int(),
  group: z.string().nullable(),
  members: z.int(),
  createdAt: z.iso.datetime(),
})
export type TeamView = z.infer<typeof TeamView>

/** A team as one of its people sees it. */
export const OwnTeam = z.strictObject({
  id: z.uuid(),
  slug: z.string(),
  name: z.string(),
  /** Whether the caller manages it. */
  manager: z.boolean(),
  /** Whether the caller gets its mails. */
  notices: z.boolean(),
})
export type OwnTeam = z.infer<typeof OwnTeam>

export const TeamPerson = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  email: z.string(),
  manager: z.boolean(),
  /** Whether the person is a member because of the team's group at the provider. */
  byGroup: z.boolean(),
  disabled: z.boolean(),
})
export type TeamPerson = z.infer<typeof TeamPerson>

/** Whom to add to a team, or to make its manager or no longer. */
export const TeamPersonInput = z
  .strictObject({
    memberId: Uuid.optional(),
    email: Email.optional(),
    manager: z.boolean().optional(),
  })
  .refine(({ memberId, email }) => (memberId === undefined) !== (email === undefined), {
    path: ["email"],
    message: sentence("input_team_person"),
  })
export type TeamPersonInput = z.infer<typeof TeamPersonInput>
