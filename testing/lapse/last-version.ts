import { execFileSync, spawnSync } from "node:child_process"
import fs from "node:fs"
import os from "node:os"
import path from "node:path"
import { waitForLock } from "#packages/file-lock/file-lock.ts"

const root = path.join(import.meta.dirname, "../..")
/** Not below node_modules, where Node runs no TypeScript. */
const CACHE = path.join(os.tmpdir(), "lapse-versions")
/** Written once a version is completely installed. */
const WHOLE = "whole"

/** The commit of the last tag before this one, or why there is none. */
function findCommit(): { commit: string } | { reason: string } {
  // A tag of this commit would name this version.
  const described = git("describe", "--tags", "--abbrev=0", "HEAD^")
  if (described.status === 0) return { commit: git("rev-list", "-1", described.stdout).stdout }
  return { reason: described.error?.message ?? described.stderr }
}

function git(...args: string[]) {
  const { status, error, stdout, stderr } = spawnSync("git", args, { cwd: root, encoding: "utf8" })
  return { status, error, stdout: String(stdout).trim(), stderr: String(stderr).trim() }
}

const found = findCommit()

/** Why no earlier version can be started; null if one can. */
export const noLastVersion =
  "reason" in found ? `No tag of an earlier version: ${found.reason}` : null

/**
 * Returns the folder with the sources and packages of the last tag before this commit. They are
 * installed once; the first start there builds them.
 */
export async function lastVersion(): Promise<string> {
  if ("reason" in found) throw new Error(found.reason)
  fs.mkdirSync(CACHE, { recursive: true })
  const lock = await waitForLock(path.join(CACHE, "lock"))
  try {
    const sources = path.join(CACHE, found.commit)
    if (!fs.existsSync(path.join(sources, WHOLE))) install(found.commit, sources)
    return sources
  } finally {
    lock.release()
  }
}

/** Replaces the version that was installed before. */
function install(commit: string, sources: string) {
  for (const name of fs.readdirSync(CACHE).filter((name) => !name.startsWith("lock")))
    fs.rmSync(path.join(CACHE, name), { recursive: true })
  fs.mkdirSync(sources)
  const archive = path.join(sources, "sources.tar")
  execFileSync("git", ["archive", "--output", archive, commit], { cwd: root })
  execFileSync("tar", ["-xf", archive, "-C", sources])
  fs.rmSync(archive)
  const npm = ["ci", "--no-audit", "--no-fund"]
  execFileSync("npm", npm, { cwd: sources, stdio: ["ignore", "ignore", "inherit"] })
  fs.writeFileSync(path.join(sources, WHOLE), "")
}

/** The names of the migrations of the version in this folder. */
export const migrationsOf = (sources = root) =>
  fs.readdirSync(path.join(sources, "prisma/migrations")).filter((name) => /^\d/.test(name))
