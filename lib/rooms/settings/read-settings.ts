import "server-only"
import { MAX_OBJECT_BYTES } from "#lib/adapters/configuration/object-size.ts"
import { statement } from "#lib/adapters/database/statement.ts"
import type { Tx } from "#lib/adapters/database.ts"
import { readRows, type Settings, type ShareCaps } from "./setting.ts"

const selectSettings = statement("settings", {}, "SELECT name, value FROM setting")

const LOCK = 7_203_541_198

type Row = { name: string; value: unknown }

/**
 * Reads the current settings: an admin's value, otherwise the default. Queries the database each
 * time, so that every replica sees a change at once.
 */
export async function readSettings(): Promise<Settings> {
  return { ...DEFAULTS, ...readRows(await selectSettings<Row>({})) }
}

/**
 * Reads the current settings in a transaction that makes something to which they apply. A change of
 * settings waits for the end of the transaction, so that nothing is made under the earlier settings
 * after the change. They are narrowed by the caps of the token that acts, if one does.
 */
export async function lockSettings(tx: Tx, caps: ShareCaps | null): Promise<Settings> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock_shared(${LOCK})`
  // A separate statement, so that it sees what was committed while the first one waited.
  const rows = await tx.setting.findMany({ select: { name: true, value: true } })
  const settings = { ...DEFAULTS, ...readRows(rows) }
  const days = [settings.maxShareDays, caps?.maxShareDays ?? null].filter((most) => most !== null)
  return {
    ...settings,
    maxShareDays: days.length > 0 ? Math.min(...days) : null,
    passwordRequired: settings.passwordRequired || (caps?.passwordRequired ?? false),
    verifiedOnly: settings.verifiedOnly || (caps?.verifiedOnly ?? false),
  }
}

/** Whether a token has caps. What it publishes has to be within them, also by an older share. */
export const isCapped = (caps: ShareCaps | null): boolean =>
  caps !== null && (caps.maxShareDays !== null || caps.passwordRequired || caps.verifiedOnly)

/** Waits for the transactions that hold the settings, and blocks new ones. */
export async function lockSettingsForChange(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${LOCK})`
}

/** The settings without an admin's changes. */
export const DEFAULTS: Settings = {
  maxShareDays: null,
  defaultShareDays: 7,
  passwordRequired: false,
  verifiedOnly: false,
  recipientDomains: null,
  maxFileBytes: MAX_OBJECT_BYTES,
  unscannable: "release",
  requests: true,
  directLinks: true,
  previews: true,
  inviters: "admins",
  secondFactorRequired: false,
  eventDays: null,
  retention: { sharedDays: null, receivedDays: null, unsharedDays: null, keepDays: null },
  auditDays: null,
}

/** SQL: whether direct links, or previews, are allowed, as they are without a row. */
export const isAllowed = (name: "directLinks" | "previews") =>
  `COALESCE((SELECT setting.value = 'true' FROM setting WHERE setting.name = '${name}'), true)`
