import { randomBytes } from "node:crypto"
import fs from "node:fs"
import path from "node:path"
import { codeOf, SetupError } from "#lib/adapters/errors.ts"
import { tryLock } from "#packages/file-lock/file-lock.ts"
import { giveToOwner, requireAccess } from "./data-owner.ts"

/**
 * Creates the data directory and locks it for this process until it ends. Throws a SetupError if it
 * cannot be written or another process uses it.
 */
export function takeDataDirectory(directory: string) {
  try {
    makeDirectory(directory)
    requireAccess(directory)
    fs.accessSync(directory, fs.constants.R_OK | fs.constants.W_OK | fs.constants.X_OK)
  } catch (error) {
    if (error instanceof SetupError) throw error
    throw new SetupError(
      `The data directory ${directory} cannot be written (${codeOf(error)}): set LAPSE_DATA_DIR to a directory that this user may write to.`,
      { cause: error },
    )
  }
  const lock = takeLock(directory)
  if (lock) return lock
  throw new SetupError(
    `Another Lapse is running on the data directory ${directory}: stop it first, or set LAPSE_DATA_DIR to another directory (and PORT to another port).`,
  )
}

/** Throws a SetupError if no process uses the data directory: its servers do not run then. */
export function requireRunning(directory: string) {
  requireAccess(directory)
  if (fs.existsSync(path.join(directory, "lock"))) {
    const free = takeLock(directory)
    if (!free) return
    free.release()
  }
  throw new SetupError(
    `No Lapse is running on the data directory ${directory}: start it and run this beside it, or set LAPSE_DATA_DIR to where it runs.`,
  )
}

// Node's recursive mkdir never returns below /proc, where a directory can refuse children.
function makeDirectory(directory: string) {
  if (fs.existsSync(directory)) return
  makeDirectory(path.dirname(directory))
  try {
    fs.mkdirSync(directory, { mode: 0o700 })
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error
  }
}

function takeLock(directory: string) {
  const file = path.join(directory, "lock")
  try {
    const lock = tryLock(file)
    if (lock) giveToOwner(directory, file)
    return lock
  } catch (error) {
    throw new SetupError(
      `The data directory ${directory} cannot be locked (${codeOf(error)}): set LAPSE_DATA_DIR to a directory on a local disk that this user may write to.`,
      { cause: error },
    )
  }
}

export const randomSecret = (bytes = 32) => randomBytes(bytes).toString("base64url")

/** Returns a random secret of the data directory, made at first use. Only the owner can read it. */
export function keepSecret(directory: string, name: string, bytes = 32): string {
  return keepSecretText(directory, name, () => randomSecret(bytes))
}

/** Returns a secret of a special form, which `make` creates on first use. */
export function keepSecretText(directory: string, name: string, make: () => string): string {
  const file = path.join(directory, "secrets", name)
  if (!fs.existsSync(file)) {
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
    const partial = `${file}.new`
    const handle = fs.openSync(partial, "w", 0o600)
    fs.writeSync(handle, `${make()}\n`)
    fs.fsyncSync(handle) // if a power failure lost the secret, every link would stop working
    fs.closeSync(handle)
    fs.renameSync(partial, file)
  }
  const secret = readSecret(file)
  if (secret) return secret
  throw new SetupError(
    `${file} is empty: restore it from a backup, or remove it to make a new secret.`,
  )
}

function readSecret(file: string) {
  try {
    return fs.readFileSync(file, "utf8").trim()
  } catch (error) {
    throw new SetupError(
      `${file} cannot be read (${codeOf(error)}): start Lapse as the user it belongs to.`,
      { cause: error },
    )
  }
}
