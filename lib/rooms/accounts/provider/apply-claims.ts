import "server-only"
import { providerName } from "#lib/adapters/configuration.ts"
import { db, type Tx } from "#lib/adapters/database.ts"
import { log } from "#lib/adapters/monitoring/log.ts"
import type { SentenceKey } from "#lib/adapters/text/sentences.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"
import { disableMember, type OnDisable } from "../disable-member.ts"
import { lockMembers } from "../lock-members.ts"
import { type Role, roleColumns, roleOf } from "../member.ts"
import type { ProviderPerson } from "./judge-claims.ts"

/**
 * Sets a member's role and access from the claims of a sign-in. Returns why the member is refused,
 * or null. Access is only checked for members whose account was made because of their domain or
 * group: one who is excluded is disabled, and enabled again once the rules allow it. The last
 * active admin stays active and an admin, which is recorded in the audit log the first time.
 */
export async function applyClaims(
  id: string,
  person: ProviderPerson,
  onDisable: OnDisable,
): Promise<SentenceKey | null> {
  const before = await read(db, id, person)
  if (!before) return "provider_failed" // unlinked in this moment
  if (isAsClaimed(before, person)) return refusedFor(before, person)
  return db.$transaction(async (tx) => {
    const { admins, now } = await lockMembers(tx, id)
    const held = await read(tx, id, person)
    if (!held) return "provider_failed"
    const isLast = admins.includes(id) && admins.length === 1
    await apply(tx, { held, person, isLast, now, onDisable })
    const after = await read(tx, id, person)
    return after && refusedFor(after, person)
  })
}

type Held = {
  id: string
  member: string
  role: Role
  disabledAt: Date | null
  byRule: boolean
  refusedAt: Date | null
}

async function read(
  tx: Pick<Tx, "member">,
  id: string,
  { issuer, subject }: ProviderPerson,
): Promise<Held | null> {
  const row = await tx.member.findUnique({
    where: { id, identities: { some: { issuer, subject } } },
    select: {
      name: true,
      email: true,
      role: true,
      auditor: true,
      disabledAt: true,
      byRule: true,
      refusedAt: true,
    },
  })
  if (!row) return null
  const { name, email, role, auditor, ...held } = row
  return { ...held, role: roleOf({ role, auditor }), id, member: `${name} <${email}>` }
}

const isExcluded = ({ byRule }: Held, { excluded }: ProviderPerson) => byRule && excluded

function isAsClaimed(held: Held, person: ProviderPerson) {
  if (held.refusedAt !== null) return false
  if (held.disabledAt !== null) return true
  return !isExcluded(held, person) && (person.role === null || person.role === held.role)
}

function refusedFor({ disabledAt, refusedAt }: Held, { allowed }: ProviderPerson) {
  if (disabledAt === null) return null
  return refusedAt === null || allowed === true ? "provider_disabled" : allowed
}

type Applied = {
  held: Held
  person: ProviderPerson
  isLast: boolean
  now: Date | null
  onDisable: OnDisable
}

async function apply(tx: Tx, { held, person, isLast, now, onDisable }: Applied): Promise<void> {
  const { id, member } = held
  const details = { member, how: "provider", provider: providerName() } as const
  const record = (action: string, more: { role?: Role } = {}) =>
    recordAudit(tx, { actorId: null, action, targetId: id, details: { ...details, ...more } })
  const change = (data: Parameters<Tx["member"]["update"]>[0]["data"]) =>
    tx.member.update({ where: { id }, data, select: { id: true } })

  if (held.disabledAt !== null) {
    if (held.refusedAt === null || person.allowed !== true) return
    await change({ disabledAt: null, refusedAt: null })
    await record("member.enable")
  }
  const excluded = isExcluded(held, person)
  if (isLast && (excluded || (person.role ?? "admin") !== "admin")) {
    if (held.refusedAt !== null) return
    log.warn({ member: id }, "the provider refuses the last active admin, who stays")
    await change({ refusedAt: now })
    await record("member.keep_admin")
    return
  }
  if (person.role && person.role !== held.role) {
    await change(roleColumns(person.role))
    await record("member.role", { role: person.role })
  }
  await change({ refusedAt: excluded ? now : null })
  if (excluded) await disableMember(tx, { id, actorId: null, now, details, onDisable })
}
