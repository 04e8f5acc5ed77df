import "server-only"
import { canSendMail, configuration, providerName } from "#lib/adapters/configuration.ts"
import { databaseTimeIn } from "#lib/adapters/database/time.ts"
import { db, type Tx } from "#lib/adapters/database.ts"
import type { Refusal } from "#lib/adapters/errors.ts"
import { refusal, type SentenceKey } from "#lib/adapters/text/sentences.ts"
import { evenOnFullDisk } from "#lib/adapters/watch/disk-ballast.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"
import { queueMail } from "#lib/rooms/mail/queue-mail.ts"
import { lockSettings } from "#lib/rooms/settings/read-settings.ts"
import type { OnDisable } from "../disable-member.ts"
import { usableBy } from "../invites/usable.ts"
import { roleColumns } from "../member.ts"
import { insertFirstAdmin } from "../setup/create-first-admin.ts"
import { NO_PASSWORD } from "../sign-in/password.ts"
import type { VerifiedMember } from "../sign-in/session.ts"
import { followGroups, joinTeams } from "../teams/change-people.ts"
import { applyClaims } from "./apply-claims.ts"
import { followProfile } from "./follow-profile.ts"
import type { ClaimRules, ProviderPerson } from "./judge-claims.ts"
import { removeCredentials } from "./remove-credentials.ts"

export const claimRules = async (): Promise<ClaimRules> => ({
  domains: configuration.OIDC_ALLOWED_DOMAINS,
  groups: configuration.OIDC_ALLOWED_GROUPS,
  adminClaim: configuration.OIDC_ADMIN_CLAIM ?? null,
  auditorClaim: configuration.OIDC_AUDITOR_CLAIM ?? null,
  trustEmail: configuration.OIDC_TRUST_EMAIL,
  teams: (await db.team.count({ where: { group: { not: null } } })) > 0,
})

export const providerRefusal = (key: SentenceKey): Refusal =>
  refusal("forbidden", key, { provider: providerName() ?? "" })

/**
 * Returns the session claim for a person from the provider. Issuer and subject identify a linked
 * member. Otherwise a verified address links the member who has it, once, or uses an invitation for
 * it. Otherwise an account is made, if domain or group allows it, or for the first admin if the
 * admin claim does. Linking ends the member's other ways to sign in. Role, access, name and address
 * of the member then follow the claims. Refuses (forbidden) everyone else, and disabled members.
 */
export async function signInByProvider(
  person: ProviderPerson,
  onDisable: OnDisable,
): Promise<VerifiedMember> {
  const { id, sessionEpoch } = await db.$transaction(async (tx) => {
    await lockIdentity(tx, person)
    return (await findByIdentity(tx, person)) ?? (await linkOrMake(tx, person))
  })
  const refused = await evenOnFullDisk(() => applyClaims(id, person, onDisable))
  if (refused) throw providerRefusal(refused)
  await followProfile(id, person)
  if (person.groups) await followGroups(id, person.groups)
  return { memberId: id, sessionEpoch }
}

const memberColumns = { id: true, disabledAt: true, sessionEpoch: true } as const
type Found = { id: string; disabledAt: Date | null; sessionEpoch: number }

/** Makes simultaneous first sign-ins of the same person run one after another. */
async function lockIdentity(tx: Tx, { issuer, subject }: ProviderPerson) {
  const key = JSON.stringify([issuer, subject])
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${key}, 0))`
}

async function findByIdentity(tx: Tx, { issuer, subject }: ProviderPerson): Promise<Found | null> {
  const identity = await tx.identity.findUnique({
    where: { issuer_subject: { issuer, subject } },
    select: { member: { select: memberColumns } },
  })
  return identity?.member ?? null
}

async function linkOrMake(tx: Tx, person: ProviderPerson): Promise<Found> {
  if ("refused" in person.email) throw providerRefusal(person.email.refused)
  const { address } = person.email
  const made = await makeMember(tx, person, address)
  const member = made ?? (await link(tx, person, await lockByAddress(tx, address), address))
  const { issuer, subject } = person
  await tx.identity.create({
    data: { issuer, subject, memberId: member.id },
    select: { memberId: true },
  })
  return member
}

/** Makes a member for an address, by invitation or where allowed; null if the address has one. */
async function makeMember(tx: Tx, person: ProviderPerson, email: string) {
  if (await tx.member.findUnique({ where: { email }, select: { id: true } })) return null
  // Without a member, only the admin claim lets a person in, as only the setup code does otherwise.
  if (!(await tx.member.findFirst({ where: { kind: "person" }, select: { id: true } }))) {
    const { name, role, excluded, allowed } = person
    if (role !== "admin" || excluded) throw providerRefusal("provider_not_allowed")
    const byRule = allowed === true
    const first = await insertFirstAdmin(tx, { name, email, passwordHash: NO_PASSWORD, byRule })
    if (first) return first
  }
  const invite = await takeInvite(tx, email)
  if (!invite && person.allowed !== true) throw providerRefusal(person.allowed)
  const role = person.role ?? invite?.role ?? "member"
  const quotaBytes = invite?.quotaBytes ?? null
  // skipDuplicates avoids a unique violation, which would abort the transaction.
  const [made] = await tx.member.createManyAndReturn({
    data: [
      {
        ...{ name: person.name, email, passwordHash: NO_PASSWORD },
        ...{ ...roleColumns(role), quotaBytes, byRule: !invite },
      },
    ],
    skipDuplicates: true,
    select: memberColumns,
  })
  if (!made) return null
  const { id } = made
  const provider = providerName()
  const details = {
    member: `${person.name} <${email}>`,
    provider,
    role,
    invite: invite?.id ?? null,
  }
  await recordAudit(tx, { actorId: id, action: "member.provide", targetId: id, details })
  await joinTeams(tx, id, invite?.teamIds ?? [])
  return made
}

/** Uses up the newest invitation for this address, if there is one. */
async function takeInvite(tx: Tx, email: string) {
  const now = await databaseTimeIn(tx)
  const usable = { email, ...usableBy(await lockSettings(tx, null), now) }
  const invite = await tx.invite.findFirst({
    where: usable,
    orderBy: { createdAt: "desc" },
    select: { id: true },
  })
  if (!invite) return null
  const [used] = await tx.invite.updateManyAndReturn({
    where: { id: invite.id, ...usable },
    data: { usedAt: now },
    select: { id: true, role: true, quotaBytes: true, teamIds: true },
  })
  return used ?? null
}

async function lockByAddress(tx: Tx, email: string): Promise<Found> {
  const [member] = await tx.$queryRaw<Found[]>`
    SELECT id::text, disabled_at AS "disabledAt", session_epoch AS "sessionEpoch"
    FROM member WHERE email = ${email} AND member_kind = 'person' FOR NO KEY UPDATE`
  if (!member) throw providerRefusal("provider_failed") // deleted just now
  return member
}

/** Links a member without an identity, removes the other ways to sign in, and mails the member. */
async function link(
  tx: Tx,
  { issuer }: ProviderPerson,
  member: Found,
  address: string,
): Promise<Found> {
  const { id, disabledAt } = member
  if (disabledAt) throw providerRefusal("provider_disabled")
  const linked = { memberId_issuer: { memberId: id, issuer } }
  if (await tx.identity.findUnique({ where: linked, select: { memberId: true } })) {
    throw providerRefusal("provider_taken")
  }
  const sessionEpoch = await removeCredentials(tx, id)
  const provider = providerName() ?? issuer
  await recordAudit(tx, { actorId: id, action: "member.link", targetId: id, details: { provider } })
  const linkedMember = { ...member, sessionEpoch }
  if (!canSendMail()) return linkedMember
  const at = (await databaseTimeIn(tx)).toISOString()
  const select = { language: true } as const
  const { language } = await tx.member.findUniqueOrThrow({ where: { id }, select })
  const mail = { to: address, language, targetId: id }
  await queueMail(tx, { kind: "linked", values: { provider, at }, ...mail })
  return linkedMember
}
