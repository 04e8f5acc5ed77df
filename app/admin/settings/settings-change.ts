import { bytesOf, formText, numberOf } from "#components/calls/on-submit.ts"
import { MAX_OBJECT_BYTES } from "#lib/adapters/configuration/object-size.ts"
import type {
  FieldName,
  Settings,
  SettingsChange,
  SettingsView,
} from "#lib/rooms/settings/setting.ts"

/**
 * Collects the settings that a form changes. A setting whose value stays equal is left out, so that
 * it keeps its source.
 */
export function settingsChange(
  form: FormData,
  names: readonly FieldName[],
  settings: SettingsView,
): SettingsChange {
  const wanted = names.map((name) => [name, READ[name](form, name)] as const)
  const changed = wanted.filter(([name, value]) => !isSame(value, settings[name].value))
  return Object.fromEntries(changed) as SettingsChange // each value belongs to its name
}

// String comparison, because JSON turns NaN into null, which is a valid value of some settings.
const isSame = (one: unknown, other: unknown) => String(one) === String(other)

const flag = (form: FormData, name: string) => formText(form, name) === "on"

const bytes = (form: FormData, name: string) => bytesOf(form, name) ?? MAX_OBJECT_BYTES

const READ: { [Name in FieldName]: (form: FormData, name: string) => Settings[Name] } = {
  maxShareDays: numberOf,
  defaultShareDays: numberOf,
  passwordRequired: flag,
  verifiedOnly: flag,
  recipientDomains: (form, name) =>
    formText(form, name)
      ?.split(/[\s,;]+/)
      .filter(Boolean) ?? null,
  maxFileBytes: bytes,
  unscannable: (form, name) => (formText(form, name) === "release" ? "release" : "hold"),
  requests: flag,
  directLinks: flag,
  previews: flag,
  inviters: (form, name) => (formText(form, name) === "members" ? "members" : "admins"),
  secondFactorRequired: flag,
  eventDays: numberOf,
  auditDays: numberOf,
}
