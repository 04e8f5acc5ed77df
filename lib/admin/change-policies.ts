import "server-only"
import type { AdminId } from "#lib/accounts/member.ts"
import { recordAudit } from "#lib/audit/record-audit.ts"
import { db, type Tx } from "#lib/db.ts"
import {
  POLICY_NAMES,
  type Policies,
  type PolicyChange,
  type PolicyName,
  type PolicyView,
  readRows,
} from "#lib/policies/policy.ts"
import { DEFAULTS, givenPolicies, lockPoliciesForChange } from "#lib/policies/read-policies.ts"

/** Every policy with its value, where it comes from, and what it would be without an admin's. */
export async function viewPolicies(_admin: AdminId): Promise<PolicyView> {
  return viewOf(await setByAdmins(db))
}

type SetByAdmins = Partial<Policies>

const setByAdmins = async (tx: Pick<Tx, "policy">): Promise<SetByAdmins> =>
  readRows(await tx.policy.findMany({ select: { name: true, value: true } }))

function viewOf(set: SetByAdmins): PolicyView {
  const given = givenPolicies()
  const views = POLICY_NAMES.map((name) => [
    name,
    {
      value: name in set ? set[name] : given[name],
      source: name in set ? "admin" : isDefault(name, given) ? "default" : "environment",
      otherwise: given[name],
    },
  ])
  return Object.fromEntries(views) as PolicyView // a view of each name
}

const isDefault = (name: PolicyName, given: Policies) => isSame(given[name], DEFAULTS[name])

/**
 * Changes policies, for every request that is sent after this returned, on every replica. Waits for
 * the shares that are being made or edited. Each policy that changes has an audit entry with its
 * values before and after.
 */
export async function changePolicies(
  admin: AdminId,
  { reset = [], ...wanted }: PolicyChange,
): Promise<PolicyView> {
  return db.$transaction(async (tx) => {
    await lockPoliciesForChange(tx)
    const before = viewOf(await setByAdmins(tx))
    await write(tx, admin, wanted)
    await tx.policy.deleteMany({ where: { name: { in: reset } } })
    const after = viewOf(await setByAdmins(tx))
    for (const name of POLICY_NAMES) await record(tx, { admin, name, before, after })
    return after
  })
}

async function write(tx: Tx, admin: AdminId, wanted: Omit<PolicyChange, "reset">) {
  for (const [name, value] of Object.entries(wanted)) {
    if (value === undefined) continue
    await tx.$executeRaw`
      INSERT INTO policy (name, value, changed_by_id)
      VALUES (${name}, ${JSON.stringify(value)}::jsonb, ${admin}::uuid)
      ON CONFLICT (name) DO UPDATE SET value = excluded.value,
        changed_by_id = excluded.changed_by_id, changed_at = statement_timestamp()`
  }
}

type Change = { admin: AdminId; name: PolicyName; before: PolicyView; after: PolicyView }

async function record(tx: Tx, { admin, name, before, after }: Change) {
  const [old, now] = [before[name], after[name]]
  if (isSame(old.value, now.value) && old.source === now.source) return
  await recordAudit(tx, {
    actorId: admin,
    action: "policy.change",
    targetId: name,
    details: {
      policy: name,
      value: described(now.value),
      before: described(old.value),
      source: now.source,
    },
  })
}

const described = (value: Policies[PolicyName]) => (Array.isArray(value) ? value.join(" ") : value)

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)
