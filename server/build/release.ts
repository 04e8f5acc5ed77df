import { execFileSync } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import path from "node:path"

const root = path.join(import.meta.dirname, "../..")

/** The name of the file that only an installation from a release has, at its root. */
export const RELEASE_FILE = "release.json"

export type Release = {
  commit: string | null
  /** The folder of the build, relative to the root. */
  build: string
}

/** Reads the release file; null in a clone of the sources. */
export function readRelease(): Release | null {
  const file = path.join(root, RELEASE_FILE)
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : null
}

/** The commit that this installation was made from; null if unknown. */
export function readCommit(): string | null {
  const release = readRelease()
  if (release) return release.commit
  try {
    return execFileSync("git", ["rev-parse", "HEAD"], {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim()
  } catch {
    return null // no Git, or sources without their history
  }
}
