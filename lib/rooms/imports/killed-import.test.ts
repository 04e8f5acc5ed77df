import { fork } from "node:child_process"
import { once } from "node:events"
import path from "node:path"
import { expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { aPingvin } from "#testing/old-apps/a-pingvin.ts"
import { memberOf, pageAt, prepareImports } from "#testing/old-apps/prepare-imports.ts"

const { directory, importFrom } = prepareImports()
const root = path.join(import.meta.dirname, "../../..")
const SHARES = 40
const KILLS = process.env.HEAVY ? 60 : 1

/** Starts an import and kills it after this many of its steps. Returns whether it had ended. */
async function killAfter(steps: number): Promise<boolean> {
  const child = fork(path.join(root, "testing/children/import-child.ts"), [directory()], {
    execArgv: ["--import", path.join(root, "server/server-only.mjs"), "--no-warnings"],
    env: process.env,
  })
  let seen = 0
  let done = false
  child.on("message", (message) => {
    done ||= message === "done"
    if (message !== "begins" && ++seen === steps) child.kill("SIGKILL")
  })
  await once(child, "exit")
  return done
}

it("killed at any moment and repeated makes everything once", async () => {
  const pingvin = aPingvin(directory())
  const ada = pingvin.user({ email: "ada@example.org" })
  for (let n = 0; n < SHARES; n++)
    pingvin.share({ id: `id-${n}`, creatorId: ada }, { [`${n}.txt`]: `bytes of ${n}` })
  pingvin.close()

  for (let kill = 0; kill < KILLS; kill++) await killAfter(1 + Math.floor(Math.random() * 30))
  await importFrom("pingvin")

  const ready = await db.file.findMany({ where: { status: "ready" }, select: { name: true } })
  const names = Array.from({ length: SHARES }, (_, n) => `${n}.txt`)
  expect(ready.map(({ name }) => name).toSorted()).toEqual(names.toSorted())
  expect(await db.share.count()).toBe(SHARES)
  for (let n = 0; n < SHARES; n++) {
    expect(await pageAt(`id-${n}`)).toMatchObject({ state: "open", files: [{ name: `${n}.txt` }] })
  }
  // The bytes of the interrupted upload count until no URL can store them, as for every upload.
  const { usedBytes } = await memberOf("ada@example.org")
  const counted = await db.file.aggregate({
    where: { OR: [{ deletedAt: null }, { countedUntil: { not: null } }] },
    _sum: { size: true },
  })
  expect(usedBytes).toBe(counted._sum.size)
  expect(await db.file.count({ where: { status: "uploading" } })).toBe(0)
})
