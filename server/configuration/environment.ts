import { existsSync, readFileSync } from "node:fs"
import { codeOf, SetupError } from "#lib/adapters/errors.ts"
import { readRelease } from "#server/build/release.ts"
import { requireWholeValues } from "./cut-values.ts"

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
