import type { Conditions } from "#components/shares/conditions/conditions-of-form.ts"
import type { ShareView } from "#lib/rooms/shares/share.ts"

type Key = keyof Conditions & keyof ShareView
export type Values = Pick<Conditions, Key>

type Kind = {
  /** Its fields, by the names under which they keep what is typed. */
  fields: readonly string[]
  /** The conditions that are saved together. */
  keys: readonly Key[]
  isUndoable?: boolean
}

const kindsOf = <Name extends string>(kinds: Record<Name, Kind>) => kinds

/** The settings of a link, each of which is saved by itself. */
const SETTINGS = kindsOf({
  title: { fields: ["title"], keys: ["title"] },
  message: { fields: ["message"], keys: ["message"] },
  times: {
    fields: ["expires", "expiresAt", "later", "startsAt"],
    keys: ["expiresAt", "startsAt"],
    isUndoable: true,
  },
  limit: { fields: ["maxDownloads"], keys: ["maxDownloads"], isUndoable: true },
  direct: { fields: ["direct"], keys: ["direct"], isUndoable: true },
  reading: {
    fields: ["preview", "viewOnly", "watermark"],
    keys: ["preview", "viewOnly", "watermark"],
    isUndoable: true,
  },
  notices: {
    fields: ["notices", "everyDownload"],
    keys: ["notices", "everyDownload"],
    isUndoable: true,
  },
  lifetime: { fields: ["mintTtlSeconds"], keys: ["mintTtlSeconds"] },
})

export type Setting = keyof typeof SETTINGS

export const SETTING_NAMES = Object.keys(SETTINGS) as Setting[] // its own keys

export const fieldsOf = (setting: Setting) => SETTINGS[setting].fields

export const isUndoable = (setting: Setting) => SETTINGS[setting].isUndoable ?? false

export const settingOf = (field: string) =>
  SETTING_NAMES.find((name) => SETTINGS[name].fields.includes(field))

/** Returns the values of a setting; those that `from` leaves out are the share's. */
export const valuesOf = (setting: Setting, share: ShareView, from: Values = {}): Values =>
  Object.fromEntries(
    SETTINGS[setting].keys.map((key) => [key, from[key] === undefined ? share[key] : from[key]]),
  )

export const isSame = (one: Values, other: Values | undefined) =>
  JSON.stringify(one) === JSON.stringify(other)

/** How long typed text waits before it is saved, in milliseconds. */
const TYPING_MS = 2_000

/**
 * Returns how long a change waits before it is saved, in milliseconds; null until its setting is
 * left: a number or a date is emptied, and *On a specific date* is chosen, to type another one.
 */
export function delayOf(field: string, value: string | null): number | null {
  switch (field) {
    case "title":
    case "message":
      return TYPING_MS
    case "maxDownloads":
    case "expiresAt":
    case "startsAt":
      return value === "" ? null : TYPING_MS
    case "expires":
      return value === "at" ? null : 0
    case "later":
      return value === "true" ? null : 0
    default:
      return 0
  }
}
