import "server-only"
import { MAX_OBJECT_BYTES } from "#lib/adapters/configuration/object-size.ts"
import { statement } from "#lib/adapters/database/statement.ts"
import type { Tx } from "#lib/adapters/database.ts"
import { currentToken } from "#lib/rooms/audit/origin.ts"
import { readRows, type Settings } from "./setting.ts"

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
 * after the change. The caps of a token that makes the request narrow them.
 */
export async function lockSettings(tx: Tx): Promise<Settings> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock_shared(${LOCK})`
  // A separate statement, so that it sees what was committed while the first one waited.
  const rows = await tx.setting.findMany({ select: { name: true, value: true } })
  return withinCaps({ ...DEFAULTS, ...readRows(rows) })
}

function withinCaps(settings: Settings): Settings {
  const token = currentToken()
  if (!token) return settings
  const days = [settings.maxShareDays, token.maxShareDays].filter((most) => most !== null)
  return {
    ...settings,
    maxShareDays: days.length > 0 ? Math.min(...days) : null,
    passwordRequired: settings.passwordRequired || token.passwordRequired,
  }
}

/**
 * Whether a token with caps makes the request. What it publishes has to be within them, also by an
 * older share.
 */
export function isCapped(): boolean {
  const token = currentToken()
  return token !== null && (token.maxShareDays !== null || token.passwordRequired)
}

/** Waits for the transactions that hold the settings, and blocks new ones. */
export async function lockSettingsForChange(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${LOCK})`
}

/** The settings without an admin's changes. */
export const DEFAULTS: Settings = {
  maxShareDays: null,
  defaultShareDays: 7,
  passwordRequired: false,
  maxFileBytes: MAX_OBJECT_BYTES,
  unscannable: "release",
  requests: true,
  directLinks: true,
  previews: true,
  inviters: "admins",
  secondFactorRequired: false,
  eventDays: null,
  auditDays: null,
}

/** SQL: whether direct links, or previews, are allowed, as they are without a row. */
export const isAllowed = (name: "directLinks" | "previews") =>
  `COALESCE((SELECT setting.value = 'true' FROM setting WHERE setting.name = '${name}'), true)`
