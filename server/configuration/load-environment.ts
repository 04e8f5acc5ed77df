import { readFileSync } from "node:fs"
import { SETTINGS, type Setting } from "#lib/adapters/configuration/table.ts"
import { codeOf, SetupError } from "#lib/adapters/errors.ts"
import { childEnvironment, loadEnvFile, setEnvironment } from "./environment.ts"

/** Adds the settings of the settings file, and the secrets that are in files. */
export function loadEnvironment() {
  loadEnvFile()
  setEnvironment(readSecretFiles(childEnvironment()))
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
