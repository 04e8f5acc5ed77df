import "server-only"
import { settings } from "#lib/configuration.ts"
import { statement } from "#lib/database/statement.ts"
import type { Tx } from "#lib/db.ts"
import { MAX_OBJECT_BYTES } from "#lib/object-size.ts"
import { type Policies, readRows } from "./policy.ts"

const select = "SELECT name, value FROM policy"
const selectPolicies = statement("policies", {}, select)

const LOCK = 7_203_541_198

type Row = { name: string; value: unknown }

/**
 * The policies in force: what an admin set, else what the environment says. Asked of the database
 * each time, so that every replica knows a change at once.
 */
export async function readPolicies(): Promise<Policies> {
  return { ...givenPolicies(), ...readRows(await selectPolicies<Row>({})) }
}

/**
 * The same for a transaction that makes what policies are about: a change of policies waits for its
 * end. A count after a change finds everything that was made under the policies before.
 */
export async function lockPolicies(tx: Tx): Promise<Policies> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock_shared(${LOCK})`
  // A statement of its own: it sees what was committed while the first one waited.
  const rows = await tx.$queryRaw<Row[]>`SELECT name, value FROM policy`
  return { ...givenPolicies(), ...readRows(rows) }
}

/** Waits for the transactions that hold the policies, and makes others wait. */
export async function lockPoliciesForChange(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${LOCK})`
}

/** The policies without an admin's: from the environment, with defaults. */
export function givenPolicies(): Policies {
  return {
    ...DEFAULTS,
    maxShareDays: settings.MAX_SHARE_DAYS ?? DEFAULTS.maxShareDays,
    maxFileBytes: settings.MAX_FILE_BYTES,
    auditDays: settings.AUDIT_DAYS || DEFAULTS.auditDays,
  }
}

export const DEFAULTS: Policies = {
  maxShareDays: null,
  defaultShareDays: 7,
  passwordRequired: false,
  limitRequired: false,
  maxFileBytes: MAX_OBJECT_BYTES,
  allowedTypes: null,
  blockedTypes: [],
  directLinks: true,
  previews: true,
  inviters: "admins",
  eventDays: null,
  auditDays: null,
}

/**
 * Whether direct links, or previews, are allowed: SQL for the statements of visitors. Without a row
 * they are.
 */
export const isAllowed = (name: "directLinks" | "previews") =>
  `COALESCE((SELECT policy.value = 'true' FROM policy WHERE policy.name = '${name}'), true)`

/** Whether members may invite: SQL. */
export const MEMBERS_INVITE = `COALESCE((SELECT policy.value = '"members"' FROM policy
  WHERE policy.name = 'inviters'), false)`
