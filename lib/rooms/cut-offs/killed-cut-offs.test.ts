import { fork } from "node:child_process"
import { once } from "node:events"
import path from "node:path"
import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { headObject } from "#lib/adapters/storage.ts"
import { destroyObject } from "#lib/rooms/files/objects/destroy-object.ts"
import { aSharedFile, type SharedFile, statusOf } from "#testing/builders/shared-file.ts"
import { beginCutOff } from "./begin-cut-off.ts"
import { eachOf } from "./each-of.ts"
import { runCutOff } from "./run-cut-off.ts"
import { sweepCopies } from "./sweep-cut-offs.ts"

const root = path.join(import.meta.dirname, "../../..")

/**
 * Runs a cut off in another process, which is killed before a step. Without a step, returns for
 * each step whether it made a lasting change.
 */
async function runKilled(id: string, step?: number): Promise<boolean[] | null> {
  const args = [id, ...(step === undefined ? [] : [String(step)])]
  const child = fork(path.join(root, "testing/children/cut-off-child.ts"), args, {
    execArgv: ["--import", path.join(root, "server/server-only.mjs")],
    env: process.env,
  })
  let changes: boolean[] | null = null
  child.on("message", (message: { changes: boolean[] }) => {
    changes = message.changes
  })
  await once(child, "exit")
  return changes
}

/** The steps before which a kill leaves a different state than before the previous step. */
const stepsAfterChange = (changes: boolean[]) => changes.map((_, n) => n + 1)

async function aCutOff({ owner, fileId }: SharedFile) {
  return db.$transaction((tx) => beginCutOff(tx, { requestedById: owner, fileId }))
}

/** Passes the time that a process waits for another one that may still work. */
async function passTime(fileId: string, seconds: number) {
  await db.$executeRaw`
    UPDATE object SET tagging_since = tagging_since - ${seconds} * interval '1 second',
      copying_until = copying_until - ${seconds} * interval '1 second',
      put_expires_at = put_expires_at - ${seconds} * interval '1 second'
    WHERE file_id = ${fileId}::uuid`
}

/** Makes a file without a colour, which the next cut off copies. */
async function withoutColour(shared: SharedFile) {
  await db.object.updateMany({
    where: { fileId: shared.fileId },
    data: { colour: null, colourSince: null },
  })
  return shared
}

async function expectEnded(shared: SharedFile, id: string, kept: string) {
  expect(await db.cutOff.findUnique({ where: { id, doneAt: { not: null } } })).not.toBeNull()
  expect([403, 404]).toContain(await statusOf(kept))
  expect(await (await fetch(await shared.click())).text()).toBe("secret bytes")
}

/** Expects exactly one live object in the database and in the store. */
async function expectSwept({ fileId }: SharedFile) {
  const keys = (await db.object.findMany({ where: { fileId } })).map(({ key }) => key)
  await passTime(fileId, 7_200)
  await sweepCopies()
  for (const key of keys) await destroyObject(key)
  const left = await db.object.findMany({ where: { fileId }, select: { key: true, state: true } })
  const file = await db.file.findUniqueOrThrow({ where: { id: fileId } })
  expect(left).toEqual([{ key: file.objectKey, state: "live" }])
  for (const key of keys) expect((await headObject(key)) !== null).toBe(key === file.objectKey)
}

const KINDS = {
  "recolours a file": aSharedFile,
  "copies a file": async () => withoutColour(await aSharedFile()),
}

describe.runIf(process.env.HEAVY).each(Object.entries(KINDS))("a cut off that %s", (_, aCase) => {
  it("ends every URL when its process is killed between any two changes", async () => {
    const whole = await aCase()
    const keptWhole = await whole.click()
    const wholeId = await aCutOff(whole)
    const changes = await runKilled(wholeId)
    if (changes === null) throw new Error("The cut off did not run to its end.")
    await expectEnded(whole, wholeId, keptWhole)

    await eachOf(stepsAfterChange(changes), 2, async (step) => {
      const shared = await aCase()
      const kept = await shared.click()
      const id = await aCutOff(shared)
      expect(await runKilled(id, step)).toBeNull()

      await passTime(shared.fileId, 60)
      await db.cutOff.updateMany({ where: { id }, data: { leasedUntil: null } })
      await runCutOff(id)

      await expectEnded(shared, id, kept)
      await expectSwept(shared)
    })
  })
})

describe.runIf(process.env.HEAVY)("200 cut offs that are killed at random", () => {
  it("lose no file, and leave no URL alive and nothing behind after the sweep", async () => {
    const cases = Object.values(KINDS)
    await eachOf(Array.from({ length: 200 }).keys(), 2, async (n) => {
      const aCase = cases[n % cases.length] ?? aSharedFile
      const shared = await aCase()
      const kept = await shared.click()
      const id = await aCutOff(shared)
      const kills = 1 + Math.floor(Math.random() * 3)
      for (let kill = 0; kill < kills; kill++) {
        await runKilled(id, 1 + Math.floor(Math.random() * 40))
        await passTime(shared.fileId, 60)
        await db.cutOff.updateMany({ where: { id, doneAt: null }, data: { leasedUntil: null } })
      }
      await runCutOff(id)

      await expectEnded(shared, id, kept)
      await expectSwept(shared)
    })
  }, 3_600_000)
})
