import { existsSync } from "node:fs"

// The one place in server/ that changes this process's environment or hands it to a child. Settings
// are read in lib/configuration.ts.

// Tests and measurements must not depend on a developer's own settings.
const readsEnvFile = !process.argv.includes("--no-env-file")

/** Adds the settings of the file .env beside package.json; those of the environment win. */
export function loadEnvFile() {
  if (readsEnvFile && existsSync(".env")) process.loadEnvFile(".env")
}

/** Sets variables for this process, its libraries and its children; undefined removes one. */
export function setEnvironment(variables: Record<string, string | undefined>) {
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
}

/**
 * Keys for one command, from the variables that begin with a prefix. They are no settings of Lapse.
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

/** The environment of a child that sees what this process sees. */
export function childEnvironment(variables: Record<string, string> = {}): NodeJS.ProcessEnv {
  return { ...process.env, ...variables }
}

/** The environment of a program that must see no setting. */
export function bareEnvironment(variables: Record<string, string> = {}): NodeJS.ProcessEnv {
  const { NODE_ENV, PATH } = process.env
  return { NODE_ENV, PATH, ...variables }
}
