import "server-only"
import { z } from "zod"
import { hasHidden } from "#lib/adapters/text/hidden-characters.ts"
import { LOCALES, type Locale } from "#lib/adapters/text/languages.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import { type Sentence, sentence } from "#lib/adapters/text/sentences.ts"
import { Uuid } from "#lib/adapters/text/uuid.ts"
import type { ShareCaps } from "#lib/rooms/settings/setting.ts"

declare const memberBrand: unique symbol
declare const ownerBrand: unique symbol
declare const auditorBrand: unique symbol
declare const adminBrand: unique symbol

/** The id of a person who may act, from a checked session or token. */
export type MemberId = string & { readonly [memberBrand]: true }
/** The id of the owner for whom a checked session, token or import acts. */
export type OwnerId = string & { readonly [ownerBrand]: true }
/** The id of a person who acts for themselves. */
export type PersonId = MemberId & OwnerId
/** The id of a person who may read what belongs to others: an auditor or an admin. */
export type AuditorId = MemberId & { readonly [auditorBrand]: true }
export type AdminId = AuditorId & { readonly [adminBrand]: true }

const ROLES = ["member", "auditor", "admin"] as const
/** An auditor is stored as a member, with a column beside it. */
export const Role = z.enum(ROLES)
export type Role = z.infer<typeof Role>

/** In SQL: the role of the row `m`. */
export const ROLE = "CASE WHEN m.auditor THEN 'auditor' ELSE m.role::text END"

/** The columns of a role. */
export const roleColumns = (role: Role) =>
  ({ role: role === "admin" ? "admin" : "member", auditor: role === "auditor" }) as const

/** What the role of a checked session or token lets its person do beyond a member. */
export const powersOf = (id: string, role: Role) => ({
  auditorId: role === "member" ? null : (id as AuditorId),
  adminId: role === "admin" ? (id as AdminId) : null,
})

/** The role that a row has. */
export const roleOf = ({ role, auditor }: { role: "member" | "admin"; auditor: boolean }): Role =>
  auditor ? "auditor" : role

/** The name of an owner in audit entries: with the address, which a team lacks. */
export const namedOwner = ({ name, email, kind }: { name: string; email: string; kind: string }) =>
  kind === "team" ? plainName(name) : `${plainName(name)} <${email}>`

export type SessionMember = {
  id: MemberId
  /** Whose files, shares and requests the call is about: the person's own, or the team's. */
  owner: OwnerId
  /** The team for which the person acts; null for themselves. */
  team: ActingTeam | null
  /** Also of an admin. */
  auditorId: AuditorId | null
  adminId: AdminId | null
  /** The API token that acts for the member; null with a session. */
  token: ActingToken | null
  sessionId: string
  sessionEpoch: number
  email: string
  name: string
  role: Role
  /** The chosen language; null for the browser's. */
  language: Locale | null
  /** Whether the member recently signed in, or confirmed their identity, in this browser. */
  confirmed: boolean
  /** Whether the member has to set up a second factor before anything else. */
  needsFactor: boolean
  /** The database's time when the session was checked; the current time of pages and forms. */
  now: Date
}

export type SessionAuditor = SessionMember & { auditorId: AuditorId }
export type SessionAdmin = SessionAuditor & { adminId: AdminId; role: "admin" }

/** Who reads what belongs to others; an auditor does not get the addresses of links. */
export type Reader = AdminId | Pick<SessionAuditor, "auditorId" | "adminId">

/** Leaves out what the address of a link is made of, which opens it, unless an admin reads. */
export const shownTo = <View extends { url: string | null }>(
  reader: Reader,
  view: View,
  without: Partial<View> = {},
): View =>
  typeof reader === "string" || reader.adminId !== null ? view : { ...view, ...without, url: null }

/** The team for which a person or a service account acts. */
export type ActingTeam = { id: string; slug: string; name: string; manager: boolean }

/** For whom a call acts, and the API token if one makes it. */
export type Actor = Pick<SessionMember, "owner" | "token">

/** An API token that makes a call, with its caps; null for a cap that does not apply. */
export type ActingToken = ShareCaps & {
  id: string
  name: string
  scopes: readonly string[]
  maxDayBytes: number | null
}

/** The session of a member who changes credentials, which is checked again under a lock. */
export type ActingMember = Pick<SessionMember, "id" | "sessionId" | "sessionEpoch">
/** The session of an admin who changes other members' credentials. */
export type ActingAdmin = ActingMember & { adminId: AdminId }

export function isAdmin(member: SessionMember): member is SessionAdmin {
  return member.adminId !== null
}

export const isAuditor = (member: SessionMember): member is SessionAuditor =>
  member.auditorId !== null

export const Email = z
  .string()
  .trim()
  // When lowercased, a letter beyond ASCII can become one in another person's address.
  .superRefine(refuseBeyondAscii)
  .toLowerCase()
  .pipe(z.email(sentence("member_email")).max(254, sentence("input_most", { count: 254 })))

const BEYOND_ASCII = /[^\0-\x7f]/u

/** A schema check that names the first character that an address cannot contain. */
export function refuseBeyondAscii(text: string, context: z.RefinementCtx): void {
  if (!BEYOND_ASCII.test(text)) return
  const { key, values } = emailProblem(text)
  context.addIssue(sentence(key, values))
}

export function emailProblem(text: string): Sentence {
  const composed = text.trim().normalize("NFC")
  const address = BEYOND_ASCII.test(composed) ? composed : text.trim()
  const found = BEYOND_ASCII.exec(address)
  const at = address.lastIndexOf("@")
  const unknown = { key: "member_email", values: {} } as const
  if (!found || at < 0) return unknown
  const character = nameOf(found[0])
  if (found.index < at) return { key: "member_email_before", values: { character } }
  const domain = asciiDomain(address.slice(at + 1))
  return domain ? { key: "member_email_after", values: { character, domain } } : unknown
}

/** Shows a character, or its code point if it is invisible or looks like an ASCII character. */
const nameOf = (character: string) =>
  /[\p{L}\p{N}\p{P}\p{S}]/u.test(character) && BEYOND_ASCII.test(character.normalize("NFKC"))
    ? character
    : `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`

/** The ASCII form of a domain (RFC 5891); null if it has none. */
function asciiDomain(domain: string): string | null {
  const host = URL.parse(`http://${domain}`)?.hostname ?? ""
  return /^[a-z\d.-]+$/.test(host) ? host : null
}

export const MemberName = z
  .string()
  .trim()
  .min(1, sentence("input_name"))
  .max(80, sentence("input_most", { count: 80 }))
  .refine((name) => !hasHidden(name), sentence("input_name_line"))

/** The language of a member's pages and mail; null for the browser's. */
export const MemberLanguage = z.enum(LOCALES).nullable()

export const Password = z
  .string()
  .min(10, sentence("input_least", { count: 10 }))
  .max(200, sentence("input_most", { count: 200 }))

export const NewMember = z.object({ name: MemberName, email: Email, password: Password })
export type NewMember = z.infer<typeof NewMember>

const profileEdit = z.strictObject({ name: MemberName.optional(), email: Email.optional() })
/** A key that is left out keeps its value. */
export type ProfileEdit = z.infer<typeof profileEdit>

const memberEdit = z.strictObject({
  disabled: z.boolean().optional(),
  role: Role.optional(),
  /** Null for the installation's default. */
  quotaBytes: z
    .int(sentence("input_bytes"))
    .min(0, sentence("input_0_bytes"))
    .nullable()
    .optional(),
})
/** The changes that only an admin makes to a member. A key that is left out keeps its value. */
export type MemberEdit = z.infer<typeof memberEdit>

/** A change of a member by an admin: of the name and address, or an edit that may end the links. */
export const MemberChange = memberEdit
  .extend({
    ...profileEdit.shape,
    /** If left out, the links stay open, as with "keep". "cutOff" revokes them and ends URLs. */
    links: z.enum(["keep", "revoke", "cutOff", "transfer"]).optional(),
    transferTo: Uuid.optional(),
  })
  .refine(
    ({ name, email, ...edit }) =>
      (name === undefined && email === undefined) || Object.keys(edit).length === 0,
    { message: sentence("input_profile_alone") },
  )
  .refine(({ links, disabled }) => links === undefined || disabled === true, {
    path: ["links"],
    message: sentence("input_links_disabled"),
  })
  .refine(({ links, transferTo }) => links !== "transfer" || transferTo !== undefined, {
    path: ["transferTo"],
    message: sentence("input_new_owner"),
  })
  .refine(({ links, transferTo }) => links === "transfer" || transferTo === undefined, {
    path: ["transferTo"],
    message: sentence("input_transfer_to"),
  })
export type MemberChange = z.infer<typeof MemberChange>

/** A member as admins see one. Sizes are bytes, times ISO 8601 UTC. */
export const MemberView = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  email: z.string(),
  role: Role,
  disabled: z.boolean(),
  disabledAt: z.iso.datetime().nullable(),
  /** Null for the installation's default. */
  quotaBytes: z.int().nullable(),
  usedBytes: z.int(),
  /** Null if the member has not signed in since the installation began to record it. */
  lastSignInAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
})
export type MemberView = z.infer<typeof MemberView>
