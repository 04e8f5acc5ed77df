import type { ClaimValue } from "#lib/adapters/configuration/parsers.ts"
import { providerName } from "#lib/adapters/configuration.ts"
import { claimText } from "#lib/adapters/oidc/claim-text.ts"
import { GOOGLE } from "#lib/adapters/oidc/provider.ts"
import { plainLine } from "#lib/adapters/text/plain-text.ts"
import { refusal, type SentenceKey } from "#lib/adapters/text/sentences.ts"
import { Email, type Role } from "../member.ts"

/** The claims of an ID token, as its provider wrote them. */
export type Claims = Readonly<Record<string, unknown>>

/** The settings that decide about claims: domains, groups, the claims of roles, trust in addresses. */
export type ClaimRules = {
  domains: readonly string[]
  groups: readonly string[]
  adminClaim: ClaimValue | null
  auditorClaim: ClaimValue | null
  trustEmail: boolean
  /** Whether a team follows a group. */
  teams: boolean
}

/** The data of a person at the provider that Lapse uses. */
export type ProviderPerson = {
  issuer: string
  subject: string
  /** A name for the account, from whichever claims there are. */
  name: string
  sentName: string | null
  /** The address that the provider has verified, or the reason why there is none. */
  email: { address: string } | { refused: SentenceKey }
  /** Whether domain or group let the person in: true, or the reason why not. */
  allowed: true | SentenceKey
  /** Whether domain and group exclude the person; false if a claim about that is missing. */
  excluded: boolean
  /** The role from the claims; null if they do not decide it. */
  role: Role | null
  /** The groups, without the slash before a path of Keycloak; null if the claims do not say. */
  groups: string[] | null
}

const MAX_NAME = 80

const unusable = () => refusal("forbidden", "provider_setup", { provider: providerName() ?? "" })

const CLOCK_SECONDS = 300

/**
 * Returns when the person signed in at the provider, in seconds since 1970; undefined if the claims
 * do not say. Refuses (forbidden) a future time, with which every session would be fresh.
 */
export function signedInAt({ auth_time: time }: Claims, now = new Date()): number | undefined {
  if (typeof time !== "number") return undefined
  if (time < 0 || time > now.getTime() / 1000 + CLOCK_SECONDS) throw unusable()
  return time
}

/**
 * Turns verified claims into a decision. Providers send claims in different shapes; a table in the
 * test has the known ones. Refuses (forbidden) claims without a subject.
 */
export function personOf(claims: Claims, rules: ClaimRules): ProviderPerson {
  const [iss, sub] = [claimText(claims.iss), claimText(claims.sub)]
  if (iss === null || sub === null) throw unusable()
  const email = emailOf(claims, rules)
  return {
    issuer: iss,
    subject: sub,
    name: nameOf(claims),
    sentName: sentNameOf(claims),
    email,
    allowed: allowedOf(claims, email, rules),
    excluded: isExcluded(claims, email, rules),
    role: roleOf(claims, rules),
    groups: groupsOf(claims),
  }
}

/** Whether claims that the rules read are missing, which the provider's userinfo may have. */
export function lacksClaims(claims: Claims, rules: ClaimRules): boolean {
  const { groups, adminClaim, auditorClaim, trustEmail, teams } = rules
  if (claims.email === undefined) return true
  if (!trustEmail && isUnsaid(claims.email_verified)) return true
  if ((groups.length > 0 || teams) && claims.groups === undefined) return true
  return [adminClaim, auditorClaim].some(
    (role) => role !== null && readClaim(claims, role.claim) === undefined,
  )
}

/**
 * Adds the claims of userinfo to those of an ID token, which take precedence. The address and its
 * verification are taken from one source, so that they concern the same address: from userinfo if
 * the token has no address, or the same one without its verification.
 */
export function mergeClaims(token: Claims, userinfo: Claims): Claims {
  const isMore = isUnsaid(token.email_verified) && isSameAddress(token.email, userinfo.email)
  const { email, email_verified, hd } = token.email === undefined || isMore ? userinfo : token
  return { ...userinfo, ...token, email, email_verified, hd }
}

const isUnsaid = (verified: unknown) => verified === undefined || verified === null

function isSameAddress(one: unknown, other: unknown) {
  const address = Email.safeParse(one).data
  return address !== undefined && address === Email.safeParse(other).data
}

function emailOf(claims: Claims, { trustEmail }: ClaimRules): ProviderPerson["email"] {
  const address = Email.safeParse(claims.email).data
  if (address === undefined) return { refused: "provider_no_email" }
  const { email_verified: verified } = claims
  if (isUnsaid(verified)) {
    return trustEmail ? { address } : { refused: "provider_unsaid" }
  }
  // Some providers write the boolean as a text.
  if (verified !== true && verified !== "true") return { refused: "provider_unverified" }
  const domain = domainOf(address)
  // Google verifies its own addresses, and the addresses of a domain that uses Google.
  if (claims.iss === GOOGLE && domain !== "gmail.com" && claims.hd !== domain) {
    return { refused: "provider_unverified" }
  }
  return { address }
}

const domainOf = (address: string) => address.slice(address.lastIndexOf("@") + 1)

function allowedOf(
  claims: Claims,
  email: ProviderPerson["email"],
  { domains, groups }: ClaimRules,
): ProviderPerson["allowed"] {
  if ("address" in email && domains.includes(domainOf(email.address))) return true
  if (groups.some((group) => holds(claims.groups, group))) return true
  return groups.length > 0 && isLeftOut(claims, "groups")
    ? "provider_groups"
    : "provider_not_allowed"
}

/** Returns whether domain or group exclude a person; false if neither is configured. */
function isExcluded(claims: Claims, email: ProviderPerson["email"], rules: ClaimRules): boolean {
  const { domains, groups } = rules
  const isUnknown = { domain: isUnknownAddress(email), group: lacksGroups(claims) }
  return (
    domains.length + groups.length > 0 &&
    allowedOf(claims, email, rules) !== true &&
    !(domains.length > 0 && isUnknown.domain) &&
    !(groups.length > 0 && isUnknown.group)
  )
}

const isUnknownAddress = (email: ProviderPerson["email"]) =>
  "refused" in email && email.refused !== "provider_unverified"

const lacksGroups = (claims: Claims) =>
  claims.groups === undefined || claims.groups === null || isLeftOut(claims, "groups")

function roleOf(claims: Claims, { adminClaim, auditorClaim }: ClaimRules): Role | null {
  if (!adminClaim || isLeftOut(claims, adminClaim.claim)) return null
  if (holds(readClaim(claims, adminClaim.claim), adminClaim.value)) return "admin"
  if (!auditorClaim) return "member"
  if (isLeftOut(claims, auditorClaim.claim)) return null
  return holds(readClaim(claims, auditorClaim.claim), auditorClaim.value) ? "auditor" : "member"
}

/** Whether a token left a claim out because it was too large (OpenID Connect Core 5.6.2). */
function isLeftOut(claims: Claims, claim: string) {
  const { _claim_names: names } = claims
  return typeof names === "object" && names !== null && Object.hasOwn(names, claim)
}

/** Reads a claim by its name, or by a path with dots (`realm_access.roles`). */
function readClaim(claims: Claims, claim: string): unknown {
  if (Object.hasOwn(claims, claim)) return claims[claim]
  return claim
    .split(".")
    .reduce<unknown>(
      (value, name) =>
        typeof value === "object" && value !== null && Object.hasOwn(value, name)
          ? Reflect.get(value, name)
          : undefined,
      claims,
    )
}

function holds(value: unknown, wanted: string | true): boolean {
  if (wanted === true) return value === true || value === "true"
  return Array.isArray(value) ? value.some((one) => isSame(one, wanted)) : isSame(value, wanted)
}

function groupsOf(claims: Claims): string[] | null {
  if (lacksGroups(claims)) return null
  return [claims.groups]
    .flat()
    .flatMap((each) => (typeof each === "string" ? [each, each.replace(/^\//, "")] : []))
}

/** Keycloak writes a group as its path. */
const isSame = (value: unknown, wanted: string) => value === wanted || value === `/${wanted}`

function nameOf(claims: Claims): string {
  const { preferred_username, email } = claims
  const local = typeof email === "string" ? email.split("@")[0] : undefined
  return sentNameOf(claims) ?? firstLine([preferred_username, local]) ?? "?"
}

function sentNameOf({ name, given_name, family_name }: Claims): string | null {
  const whole = [given_name, family_name].filter((part) => typeof part === "string").join(" ")
  return firstLine([name, whole])
}

function firstLine(values: unknown[]): string | null {
  for (const each of values) {
    const line = typeof each === "string" ? plainLine(each).slice(0, MAX_NAME).trim() : ""
    if (line) return line
  }
  return null
}
