import { existsSync, readFileSync } from "node:fs"
import { parseEnv } from "node:util"
import { codeOf, SetupError } from "#lib/adapters/errors.ts"
import { readRelease } from "#server/build/release.ts"

// The only module in server/ that changes this process's environment or passes it to a child.
// Settings are read in lib/adapters/configuration.ts.

// Tests and measurements must not depend on a developer's own settings.
const readsEnvFile = !process.argv.includes("--no-env-file")

// The settings file. It is outside of a release's folder, which an update replaces.
const ENV_FILE = readRelease() ? "/etc/lapse.env" : ".env"

/**
 * Adds the settings of the file .env beside package.json, or of /etc/lapse.env for a release;
 * variables that are already set take precedence. Throws a SetupError if it cannot be read, or for
 * a value that would be cut.
 */
export function loadEnvFile() {
  if (!readsEnvFile || !existsSync(ENV_FILE)) return
  try {
    const text = readFileSync(ENV_FILE, "utf8")
    requireWholeValues(ENV_FILE, text, (name) => process.env[name] === undefined)
    process.loadEnvFile(ENV_FILE)
  } catch (error) {
    if (error instanceof SetupError) throw error
    throw new SetupError(
      `${ENV_FILE} cannot be read (${codeOf(error)}): run this as a user who may read it, such as root.`,
      { cause: error },
    )
  }
}

/** Sets variables for this process and its children; undefined removes a variable. */
export function setEnvironment(variables: Record<string, string | undefined>) {
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
}

/** Reads an access key for one command from variables with a prefix, which are not settings. */
export function readKeys(prefix: string) {
  const {
    [`${prefix}_ACCESS_KEY_ID`]: accessKeyId,
    [`${prefix}_SECRET_ACCESS_KEY`]: secretAccessKey,
    [`${prefix}_SESSION_TOKEN`]: sessionToken,
  } = process.env
  if (!accessKeyId || !secretAccessKey) return null
  return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) }
}

/** The environment of a child that gets all variables of this process. */
export function childEnvironment(variables: Record<string, string> = {}): NodeJS.ProcessEnv {
  return { ...process.env, ...variables }
}

/** The environment of a program that must not see the settings. */
export function bareEnvironment(variables: Record<string, string> = {}): NodeJS.ProcessEnv {
  const { NODE_ENV, PATH } = process.env
  return { NODE_ENV, PATH, ...variables }
}

const LINE = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=(.*)$/
/** Matches a line break and another setting, which means that a quote was not closed. */
const SWALLOWED = /\n\s*(?:export\s+)?[A-Z][A-Z0-9_]*\s*=/

/**
 * Throws a SetupError for the first value in a settings file that would be cut at a `#` or at a
 * quote. Otherwise a truncated password would be reported as wrong much later. Ignores values for
 * which `isUsed` is false.
 */
export function requireWholeValues(
  file: string,
  text: string,
  isUsed: (name: string) => boolean,
): void {
  const values = parseEnv(text)
  for (const [index, line] of text.split("\n").entries()) {
    const [, name = "", raw = ""] = LINE.exec(line) ?? []
    const value = values[name]
    if (value === undefined || !isUsed(name)) continue // inside quotes that span lines, or empty
    const problem = problemOf(raw, value)
    if (!problem) continue
    const [kind, quote] = /.'./.test(raw.trim()) ? ["double", '"'] : ["single", "'"]
    throw new SetupError(
      `${file}, line ${index + 1}: ${name} ${problem}. Put all of it into ${kind} quotes: ${name}=${quote}…${quote}.`,
    )
  }
}

/** Returns the fault of a value as it is written; null if it is read unchanged. */
function problemOf(raw: string, value: string): string | null {
  const written = raw.trim()
  if (written === "") return value ? "is empty with a space, so the next line is read for it" : null
  const quote = /^["'`]/.exec(written)?.[0]
  if (quote === undefined) {
    const isCut = /^[^#]*[^\s#]#/.test(written) || /^#\S/.test(raw)
    return isCut ? "is read only up to its #, which begins a comment there" : null
  }
  const end = written.indexOf(quote, 1)
  if (end === -1) {
    const isOpen = value.startsWith(quote) || SWALLOWED.test(value)
    return isOpen ? `begins with ${quote} and has no other one at its end` : null
  }
  return /^\s*(#.*)?$/.test(written.slice(end + 1))
    ? null
    : `is read only up to its second ${quote}`
}
