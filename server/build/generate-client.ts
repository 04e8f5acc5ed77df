import { execFile } from "node:child_process"
import { createHash } from "node:crypto"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import path from "node:path"
import { promisify } from "node:util"
import { waitForLock } from "#packages/file-lock/file-lock.ts"
import { readRelease } from "./release.ts"

const root = path.join(import.meta.dirname, "../..")
const stamp = path.join(root, "prisma/generated/.stamp")

/** Generates the Prisma client if the schema changed since. A release includes it. */
export async function generateClient(say: (line: string) => void = () => {}) {
  if (readRelease()) return
  const hash = createHash("sha256")
  for (const file of ["prisma/schema.prisma", "node_modules/prisma/package.json"]) {
    hash.update(readFileSync(path.join(root, file)))
  }
  const wanted = hash.digest("hex")
  const isFresh = () => existsSync(stamp) && readFileSync(stamp, "utf8") === wanted
  if (isFresh()) return

  const lock = await waitForLock(path.join(root, "node_modules/.lapse-generate-lock"))
  try {
    if (isFresh()) return
    say("Generating the database client")
    const prisma = path.join(root, "node_modules/prisma/build/index.js")
    await promisify(execFile)(process.execPath, [prisma, "generate"], { cwd: root })
    writeFileSync(stamp, wanted)
  } finally {
    lock.release()
  }
}
