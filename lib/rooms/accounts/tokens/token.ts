import "server-only"
import { z } from "zod"
import { hasHidden } from "#lib/adapters/text/hidden-characters.ts"
import { PlainText } from "#lib/adapters/text/plain-text.ts"
import { sentence } from "#lib/adapters/text/sentences.ts"
import type { SessionMember } from "../member.ts"

/** What a token may be allowed to do; each call of the API belongs to one, or takes no token. */
export const SCOPES = [
  "files:read",
  "files:write",
  "shares:read",
  "shares:write",
  "requests:read",
  "requests:write",
  "admin:read",
  "admin:write",
] as const
export const Scope = z.enum(SCOPES)
export type Scope = z.infer<typeof Scope>

/** Some scopes, each once. */
export const Scopes = z
  .array(Scope)
  .min(1, sentence("input_scopes"))
  .max(SCOPES.length)
  .transform((scopes) => SCOPES.filter((scope) => scopes.includes(scope)))

/** Whether a scope acts on what belongs to other members or to the installation. */
export const isAdminScope = (scope: string) => scope.startsWith("admin:")

/**
 * Whether a member may give a scope to a token: an auditor reads what an admin reads. A token of a
 * team has no such scope.
 */
export const mayGive = (
  { adminId, auditorId, team }: Pick<SessionMember, "auditorId" | "adminId" | "team">,
  scope: string,
) =>
  !isAdminScope(scope) ||
  (team === null && (adminId !== null || (scope === "admin:read" && auditorId !== null)))

const MAX_DAY_BYTES = 2 ** 50

/** The limits of what a token makes. A cap that is left out or null does not apply. */
export const TokenCaps = z.strictObject({
  /** The bytes of the uploads that it starts in a day (UTC). */
  maxDayBytes: z
    .int(sentence("input_bytes"))
    .min(0, sentence("input_0_bytes"))
    .max(MAX_DAY_BYTES)
    .nullable()
    .optional(),
  /** The days after which the links that it makes end at the latest. */
  maxShareDays: z.int().min(1).max(3_650).nullable().optional(),
  /** Whether the shares that it makes need a password. */
  passwordRequired: z.boolean().optional(),
  /** Whether every link of the shares that it makes asks for a code. */
  verifiedOnly: z.boolean().optional(),
})
export type TokenCaps = z.infer<typeof TokenCaps>

export const TokenName = PlainText.pipe(
  z
    .string()
    .min(1, sentence("input_name"))
    .max(60, sentence("input_most", { count: 60 }))
    .refine((name) => !hasHidden(name), sentence("input_name_line")),
)

export const NewToken = z
  .strictObject({
    name: TokenName,
    scopes: Scopes,
    /** Null for never; left out, it ends in 90 days. */
    expiresAt: z.iso
      .datetime({ offset: true, error: sentence("input_time") })
      .transform((text) => new Date(text))
      .nullable()
      .optional(),
    caps: TokenCaps.optional(),
    /** For a team: a service account, which stays when its maker leaves the team. */
    service: z.boolean().optional(),
  })
  .refine(({ scopes, caps }) => !(caps && scopes.some(isAdminScope)), {
    path: ["caps"],
    message: sentence("input_caps"),
  })
export type NewToken = z.infer<typeof NewToken>

/** A token as its member sees it. Times are ISO 8601 UTC. */
export const TokenView = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  scopes: z.array(Scope),
  caps: z.strictObject({
    maxDayBytes: z.int().nullable(),
    maxShareDays: z.int().nullable(),
    passwordRequired: z.boolean(),
    verifiedOnly: z.boolean(),
  }),
  /** The person who made a token of a team; null for a service account and one's own token. */
  madeBy: z.string().nullable(),
  createdAt: z.iso.datetime(),
  /** Null if it does not expire. */
  expiresAt: z.iso.datetime().nullable(),
  /** The hour of the last use; null before the first. */
  lastUsedAt: z.iso.datetime().nullable(),
  /** The address of the first use in that hour; null unless AUDIT_ADDRESSES is on. */
  lastUsedFrom: z.string().nullable(),
})
export type TokenView = z.infer<typeof TokenView>

/** A new token, with its text, which is not shown again. */
export const MadeToken = TokenView.extend({ token: z.string() })
export type MadeToken = z.infer<typeof MadeToken>
