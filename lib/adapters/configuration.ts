import "server-only"
import { getCACertificates, setDefaultCACertificates } from "node:tls"
import {
  type Configuration,
  REMOVED,
  RULES,
  SETTINGS,
  type Setting,
} from "./configuration/table.ts"
import { SetupError } from "./errors.ts"

/** Settings that the server provides if the operator did not, so that the app has them. */
const PROVIDED = ["DATABASE_URL", "S3_BUCKET", "AUTH_SECRET", "LINK_SECRET"] as const

export type Settings = Configuration & {
  [Name in (typeof PROVIDED)[number]]: NonNullable<Configuration[Name]>
}

type Variables = Record<string, string | undefined>

/**
 * Reads the settings of this process, and trusts the authorities of CA_FILE from then on, before any
 * connection is made; or those of another environment. Adds defaults. Throws a SetupError with one
 * sentence for each wrong setting.
 */
export function readConfiguration(environment?: Variables): Configuration {
  const settings = parseSettings(environment ?? process.env)
  if (!environment) trust(settings.CA_FILE ?? [])
  return settings
}

function parseSettings(environment: Variables): Configuration {
  const table = Object.entries<Setting>(SETTINGS)
  const settings = {} as Configuration // the loop below fills it with the parsers that define its type
  const refused = new Map<string, string>()
  for (const [name, setting] of table) {
    const { value, refusal } = parseSetting(name, setting, environment)
    if (refusal) refused.set(name, refusal)
    else if (value !== undefined) Object.assign(settings, { [name]: value })
  }
  for (const [name, { follows }] of table) {
    if (follows && !(name in settings)) Object.assign(settings, { [name]: follows(settings) })
  }
  const broken = RULES.filter(({ names }) => !names.some((name) => refused.has(name)))
    .map(({ refusal }) => refusal(settings))
    .filter((sentence) => sentence !== false)
  const sentences = [...refused.values(), ...broken]
  if (sentences.length > 0) throw new SetupError(sentences.join("\n"))
  return settings
}

/** Returns a sentence for each setting of an earlier version that is still set. */
export const removedSettings = (environment: Variables = process.env): string[] =>
  Object.entries(REMOVED)
    .filter(([name]) => environment[name])
    .map(([name, instead]) => `${name} is set and no longer counts (${instead}): remove it.`)

/** Reads one text setting, independently of the others. Throws a SetupError if it is wrong. */
export function readText(name: "DATABASE_URL" | "DATABASE_DIRECT_URL"): string | undefined {
  const { value, refusal } = parseSetting(name, SETTINGS[name], process.env)
  if (refusal) throw new SetupError(refusal)
  return typeof value === "string" ? value : undefined
}

function parseSetting(name: string, setting: Setting, environment: Variables) {
  // Compose files pass an unset variable as an empty string.
  const text = environment[name] || setting.default
  if (text === undefined) return {}
  const { data, error } = setting.parse.safeParse(text)
  if (!error) return { value: data }
  const { refusal = cannotBeUsed } = setting
  return { refusal: `${name} ${refusal(text, error.issues[0]?.message ?? "")}` }
}

const cannotBeUsed = (_text: string, reason: string) =>
  `cannot be used (${reason}): correct it, or unset it.`

let loaded: Settings | undefined

/** Reads the settings of this process once. Throws a SetupError if one is wrong or missing. */
export function loadSettings(): Settings {
  if (loaded) return loaded
  const given = readConfiguration()
  const missing = PROVIDED.filter((name) => given[name] === undefined)
  if (missing.length > 0) {
    throw new SetupError(`Not set: ${missing.join(", ")}. Set them, or use lapse start.`)
  }
  loaded = given as Settings // checked above: no provided setting is missing
  return loaded
}

/**
 * Adds trusted authorities to every TLS connection of this process: those of fetch, of node:https
 * and of libraries. A process reads its settings more than once, so authorities that are already
 * trusted are not added again.
 */
export function trust(authorities: readonly string[]) {
  if (authorities.length === 0) return
  setDefaultCACertificates([...new Set([...getCACertificates("default"), ...authorities])])
}

/** The settings of this process, read at first use, when the server has added derived values. */
export const configuration = {} as Settings
for (const name of Object.keys(SETTINGS)) {
  Object.defineProperty(configuration, name, {
    configurable: true, // for tests
    enumerable: true,
    get: () => Reflect.get(loadSettings(), name),
    set: (value) => Reflect.set(loadSettings(), name, value),
  })
}

/** Whether this installation can send mail: SMTP_URL is set, and MAIL_FROM with it. */
export const canSendMail = () => configuration.SMTP_URL !== undefined

/** The provider's name on pages; null if members sign in only with passwords. */
export const providerName = () =>
  configuration.OIDC_ISSUER === undefined
    ? null
    : (configuration.OIDC_NAME ?? configuration.OIDC_ISSUER)

export const hasPasswords = () => configuration.PASSWORD_SIGN_IN
