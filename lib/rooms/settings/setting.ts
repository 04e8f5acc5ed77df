import "server-only"
import { z } from "zod"
import { MAX_OBJECT_BYTES } from "#lib/adapters/configuration/object-size.ts"
import { jsonTypes } from "#lib/adapters/http/json-types.ts"
import { sentence } from "#lib/adapters/text/sentences.ts"

const Days = z
  .int(sentence("input_days"))
  .min(1, sentence("input_one_day"))
  .max(36_500, sentence("input_most_days"))

/** No token changes these settings. */
const notByToken = {
  /** What happens to files that are too large to scan. */
  unscannable: z.enum(["hold", "release"]),
  inviters: z.enum(["admins", "members"]),
  /** Whether members need a passkey, or codes from an authenticator app, to sign in. */
  secondFactorRequired: z.boolean(),
  /** How many days audit entries are kept; null for no limit. */
  auditDays: Days.nullable(),
}

const DomainName = z
  .string()
  .trim()
  .toLowerCase()
  .regex(
    /^(?!.{254})(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/,
    sentence("input_domain"),
  )

const RetentionDays = z
  .int(sentence("input_days"))
  .min(7, sentence("input_seven_days"))
  .max(3_650, sentence("input_ten_years"))
  .nullable()

/** When files are deleted; null for never. */
const Retention = z.strictObject({
  /** Days after the end of a file's last link. */
  sharedDays: RetentionDays,
  /** Days after a file arrived by a request; the request may choose fewer. */
  receivedDays: RetentionDays,
  /** Days after the arrival of a file that was never shared. */
  unsharedDays: RetentionDays,
  /** For how many days owners may keep a file longer; null for any time. */
  keepDays: z.int(sentence("input_days")).min(0).max(3_650, sentence("input_ten_years")).nullable(),
})

const values = {
  /** The maximum lifetime of a share in days; null for no limit. */
  maxShareDays: Days.nullable(),
  /** The number of days after which a share ends if its owner sets no end; null for never. */
  defaultShareDays: Days.nullable(),
  passwordRequired: z.boolean(),
  /** Whether every link of a new share asks its recipient for a code, so that none is for anyone. */
  verifiedOnly: z.boolean(),
  /** The domains of addresses that shares and requests may be sent to; null for any. */
  recipientDomains: z
    .array(DomainName)
    .min(1, sentence("input_domain"))
    .max(100, sentence("input_most_domains", { count: 100 }))
    .nullable(),
  maxFileBytes: z
    .int(sentence("input_bytes"))
    .min(1, sentence("input_one_byte"))
    .max(MAX_OBJECT_BYTES, sentence("input_largest_file")),
  /** Whether members may make requests for files, and reopen or extend theirs. */
  requests: z.boolean(),
  directLinks: z.boolean(),
  previews: z.boolean(),
  ...notByToken,
  /** How many days the events of links are kept; null for no limit. */
  eventDays: Days.nullable(),
  /** When files are deleted. It changes nothing within seven days: lib/rooms/files/retention/. */
  retention: Retention,
}

const SettingValues = z.strictObject(values)

/** The settings that admins change for everyone while Lapse runs. */
export type Settings = z.infer<typeof SettingValues>
export type SettingName = keyof Settings
/** A setting with one value; the rule of retention has a form of its own. */
export type FieldName = Exclude<SettingName, "retention">
/** A token’s limits for the shares that it creates; null where the token has none. */
export type ShareCaps = Pick<Settings, "maxShareDays" | "passwordRequired" | "verifiedOnly">

export const SETTING_NAMES = SettingValues.keyof().options
export const NOT_BY_TOKEN = z.strictObject(notByToken).keyof().options

/** A change of settings. A key that is left out keeps its value. */
export const SettingsChange = SettingValues.partial().extend({
  /** Settings that get their default again. */
  reset: z.array(SettingValues.keyof()).max(SETTING_NAMES.length).optional(),
})
export type SettingsChange = z.infer<typeof SettingsChange>

/**
 * Reads the settings from rows of the database. Leaves out values that no version has written, and
 * settings of earlier versions.
 */
export function readRows(rows: { name: string; value: unknown }[]): Partial<Settings> {
  const known = rows.flatMap(({ name, value }) => {
    const parsed = SettingValues.partial().safeParse({ [name]: value })
    return parsed.success ? Object.entries(parsed.data) : []
  })
  return Object.fromEntries(known)
}

const SOURCES = ["admin", "default"] as const
/** The source of a setting's value. */
type SettingSource = (typeof SOURCES)[number]

export type SettingsView = {
  [Name in SettingName]: {
    value: Settings[Name]
    source: SettingSource
    /** The default. */
    otherwise: Settings[Name]
  }
}

const Shown = z.strictObject({ value: z.json(), source: z.enum(SOURCES), otherwise: z.json() })
const AllShown = z.record(z.enum(SETTING_NAMES), Shown)
export const SettingsView = z
  .custom<SettingsView>((view) => AllShown.safeParse(view).success)
  .register(jsonTypes, { type: "object" })
