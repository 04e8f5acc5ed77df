import { fork } from "node:child_process"
import { once } from "node:events"
import path from "node:path"
import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { headObject, readColour } from "#lib/adapters/storage.ts"
import { deleteFile } from "#lib/rooms/files/delete-file.ts"
import { destroyObject } from "#lib/rooms/files/objects/destroy-object.ts"
import { renameFile } from "#lib/rooms/files/rename-file.ts"
import { finishUpload } from "#lib/rooms/files/upload/finish-upload.ts"
import { cutOffShare } from "#lib/rooms/shares/revoke/cut-off-share.ts"
import {
  aSharedFile,
  cutOffFileToEnd,
  type SharedFile,
  statusOf,
} from "#testing/builders/shared-file.ts"
import { beginCutOff } from "./begin-cut-off.ts"
import { cutOffFile } from "./cut-off-file.ts"
import { colourFiles } from "./tags/colour-files.ts"

const root = path.join(import.meta.dirname, "../../..")
const ROUNDS = process.env.HEAVY ? 60 : 6

/** Clicks until `stop`, and keeps each URL with the time when it was handed out. */
function clickAlong(shared: SharedFile) {
  const urls: { url: string; at: number }[] = []
  let stopped = false
  const visitor = async () => {
    while (!stopped) {
      const url = await shared.click().catch(() => null)
      if (url) urls.push({ url, at: performance.now() })
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
  }
  const visitors = Promise.all([visitor(), visitor(), visitor()])
  const stop = async () => {
    stopped = true
    await visitors
  }
  return { urls, stop }
}

/** Expects that the row and the store agree about the one object of a file. */
async function expectOneObject(fileId: string) {
  const file = await db.file.findUniqueOrThrow({ where: { id: fileId } })
  const live = await db.object.findMany({ where: { fileId, state: "live" } })
  const unfinished = await db.object.count({ where: { fileId, state: "uploading" } })
  expect(unfinished).toBe(0)
  expect(live.map(({ key }) => key)).toEqual(file.deletedAt ? [] : [file.objectKey])
  for (const { key, colour } of live) {
    expect(await headObject(key)).not.toBeNull()
    expect(await readColour(key)).toBe(colour)
  }
  const doomed = await db.object.findMany({ where: { fileId, state: "doomed" } })
  for (const { key } of doomed) await destroyObject(key)
  for (const { key } of doomed) expect(await headObject(key)).toBeNull()
}

/** Expects that the URLs handed out before `end` no longer work. */
async function expectDead(urls: { url: string; at: number }[], end: number) {
  const before = urls.filter(({ at }) => at < end)
  const statuses = await Promise.all(before.map(({ url }) => statusOf(url)))
  expect(statuses.filter((status) => status !== 403 && status !== 404)).toEqual([])
  return before.length
}

describe("cut offs of one file at the same time", () => {
  it("leave one object, and no URL from before works when each says done", async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const shared = await aSharedFile()
      await shared.click()
      const clicks = clickAlong(shared)
      await new Promise((resolve) => setTimeout(resolve, 20))

      const cutOff = async () => {
        const asked = performance.now()
        const { cutOff } = await cutOffFile(shared.owner, shared.fileId)
        if (cutOff?.state === "done") await expectDead([...clicks.urls], asked)
      }
      await Promise.all([
        cutOff(),
        cutOffShare(shared.owner, shared.shareId),
        cutOff(),
        renameFile(shared.owner, shared.fileId, `round ${round}.pdf`),
        finishUpload(shared.owner, shared.fileId),
        colourFiles(),
      ])
      const asked = performance.now()
      expect((await cutOffFileToEnd(shared))?.state).toBe("done")
      expect(await expectDead(clicks.urls, asked)).toBeGreaterThan(0)
      await clicks.stop()

      await expectOneObject(shared.fileId)
      expect(await statusOf(await shared.click())).toBe(200)
    }
  })

  it("leave nothing of a file that is deleted meanwhile: the delete wins", async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const shared = await aSharedFile()
      const kept = await shared.click()
      if (round % 2)
        await db.object.updateMany({
          where: { fileId: shared.fileId },
          data: { colour: null, colourSince: null },
        })

      const all = await Promise.allSettled([
        cutOffFile(shared.owner, shared.fileId),
        cutOffShare(shared.owner, shared.shareId),
        deleteFile(shared.owner, shared.fileId),
      ])

      expect(all[2].status).toBe("fulfilled")
      expect(
        (await db.file.findUniqueOrThrow({ where: { id: shared.fileId } })).deletedAt,
      ).not.toBe(null)
      await expectOneObject(shared.fileId)
      expect([403, 404]).toContain(await statusOf(kept))
    }
  })

  it("agree on one result in two processes", async () => {
    const shared = await aSharedFile()
    const kept = [await shared.click()]
    const id = await db.$transaction((tx) =>
      beginCutOff(tx, { requestedById: shared.owner, fileId: shared.fileId }),
    )
    const other = fork(path.join(root, "testing/children/cut-off-child.ts"), [id], {
      execArgv: ["--import", path.join(root, "server/server-only.mjs")],
      env: process.env,
    })
    const ended = once(other, "exit")
    for (let n = 0; n < 8; n++) {
      kept.push(await shared.click())
      const cutOff = await cutOffFileToEnd(shared)
      expect(cutOff?.state).toBe("done")
      for (const url of kept) expect([403, 404]).toContain(await statusOf(url))
    }
    await ended

    expect(await db.cutOff.count({ where: { doneAt: null } })).toBe(0)
    await expectOneObject(shared.fileId)
    expect(await statusOf(await shared.click())).toBe(200)
  })
})
