import { existsSync, readFileSync } from "node:fs"
import { SETTINGS, type Setting } from "#lib/configuration/table.ts"
import { SetupError } from "#lib/errors.ts"
import { readRelease } from "#server/build/release.ts"

// The only module in server/ that changes this process's environment or passes it to a child.
// Settings are read in lib/configuration.ts.

// Tests and measurements must not depend on a developer's own settings.
const readsEnvFile = !process.argv.includes("--no-env-file")

// A release is replaced by the next one, so its settings are elsewhere.
const ENV_FILE = readRelease() ? "/etc/lapse.env" : ".env"

/**
 * Adds the settings of the file .env beside package.json, or of /etc/lapse.env for a release;
 * variables that are set already win. Then adds the secrets that are in files.
 */
export function loadEnvironment() {
  if (readsEnvFile && existsSync(ENV_FILE)) loadEnvFile()
  setEnvironment(readSecretFiles(process.env))
}

function loadEnvFile() {
  try {
    process.loadEnvFile(ENV_FILE)
  } catch (error) {
    throw new SetupError(
      `${ENV_FILE} cannot be read (${codeOf(error)}): run this as a user who may read it, such as root.`,
      { cause: error },
    )
  }
}

/**
 * Reads the secrets whose `NAME_FILE` names a file, as Docker and Kubernetes mount them; in the
 * result `NAME` has the secret and `NAME_FILE` is undefined. Throws a SetupError for a file that
 * cannot be used.
 */
export function readSecretFiles(
  environment: Record<string, string | undefined>,
): Record<string, string | undefined> {
  const read: Record<string, string | undefined> = {}
  for (const [name, { secret }] of Object.entries<Setting>(SETTINGS)) {
    const file = environment[`${name}_FILE`]
    if (!secret || !file) continue
    if (environment[name])
      throw new SetupError(`${name} and ${name}_FILE are both set: unset one of them.`)
    read[name] = readSecret(name, file)
    read[`${name}_FILE`] = undefined
  }
  return read
}

function readSecret(name: string, file: string) {
  let text: string
  try {
    text = readFileSync(file, "utf8").trim()
  } catch (error) {
    throw new SetupError(
      `${name}_FILE is "${file}", which cannot be read (${codeOf(error)}): name a file that the user of Lapse may read.`,
      { cause: error },
    )
  }
  if (text) return text
  throw new SetupError(`${name}_FILE is "${file}", which is empty: write the secret into it.`)
}

const codeOf = (error: unknown) =>
  error instanceof Error && "code" in error ? String(error.code) : String(error)

/**
 * Sets variables for this process, its libraries and its children; undefined removes a variable.
 */
export function setEnvironment(variables: Record<string, string | undefined>) {
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
}

/**
 * Reads an access key for one command from the variables with a prefix. They are not settings of
 * Lapse.
 */
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
