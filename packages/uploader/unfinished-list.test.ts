import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { samplesOf } from "./fingerprint.ts"
import { aFile, aView, aWorld, no, ok, settle, stored } from "./testing.ts"
import type { UploadSource } from "./upload.ts"
import { createUploader } from "./uploader.ts"

const MIB = 1024 ** 2
const fingerprintOf = async ({ name, body }: UploadSource) =>
  `hash of ${await samplesOf(name, body).text()}`

describe("uploads that an earlier page began", () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  /** A member comes back: six of ten parts of the film are in the store. */
  async function coming({ kept = false, film = aFilm() } = {}) {
    const world = aWorld()
    world.inParts(MIB)
    world.began("film-id", film.body.size, [1, 2, 3, 4, 5, 7])
    const view = aView("film-id", {
      name: film.name,
      path: "holiday",
      size: film.body.size,
      fingerprint: await fingerprintOf(film),
    })
    world.listUnfinished.mockResolvedValue(ok([view]))
    const permission = vi.fn(async () => "granted" as PermissionState)
    const handle = aHandle(film, permission)
    if (kept) world.kept.set("film-id", handle)
    const open = () => createUploader({ ...world.outside, random: () => 1 })
    const uploader = open()
    await uploader.recall()
    const rest = async () => {
      while (world.waiting.length > 0) await world.answer(stored)
    }
    return { world, uploader, open, film, view, rest, permission, handle }
  }

  it("are listed with what the store has of them", async () => {
    const { uploader } = await coming()

    expect(uploader.snapshot().unfinished).toMatchObject([
      {
        fileId: "film-id",
        name: "film.mov",
        path: "holiday",
        size: 10 * MIB,
        storedBytes: 6 * MIB,
        startedAt: "2026-11-24T00:00:00Z",
        kept: false,
      },
    ])
    expect(uploader.snapshot().totals.count).toBe(0)
  })

  it("tell nothing when the app cannot be asked", async () => {
    const { world, uploader } = await coming()
    world.listUnfinished.mockResolvedValue(no(503))
    await uploader.recall()
    expect(uploader.snapshot().unfinished).toHaveLength(1)
  })

  it("are not those of a script, which has no fingerprint, nor those of another tab", async () => {
    const { world, uploader, view } = await coming()
    const byScript = aView("by-script", { size: 20 * MIB })
    world.listUnfinished.mockResolvedValue(ok([view, byScript]))
    world.locks.held.add("film-id")

    await uploader.recall()

    expect(uploader.snapshot().unfinished).toEqual([])
  })

  it("are continued by adding the same file again", async () => {
    const { world, uploader, film, rest } = await coming()
    uploader.add([film])
    await settle()

    expect(uploader.snapshot().unfinished).toEqual([])
    expect(uploader.snapshot().uploads[0]).toMatchObject({
      fileId: "film-id",
      state: "sending",
      sentBytes: 6 * MIB,
      bytesPerSecond: null,
    })
    expect(world.onTheWay()).toEqual([6, 8, 9, 10])
    await rest()
    expect(world.start).not.toHaveBeenCalled()
    expect(world.finish).toHaveBeenCalledExactlyOnceWith("film-id", "hash of all")
    expect(uploader.snapshot().uploads[0]?.state).toBe("stored")
  })

  it("are continued by a file that was added before the app had answered", async () => {
    const { world, open, film, view, rest } = await coming()
    let answer = () => {}
    world.listUnfinished.mockImplementation(async () => {
      await new Promise<void>((resolve) => {
        answer = resolve
      })
      return ok([view])
    })
    const uploader = open()
    void uploader.recall()
    uploader.add([film])
    await settle()
    expect(world.waiting).toEqual([])

    answer()
    await settle()
    await rest()

    expect(world.start).not.toHaveBeenCalled()
    expect(uploader.snapshot().uploads[0]?.state).toBe("stored")
  })

  it("are found again when only the answer to their start was lost", async () => {
    const { world, open, film, view, rest } = await coming()
    const uploader = open()
    world.start.mockResolvedValueOnce(no(0))
    world.listUnfinished.mockResolvedValueOnce(ok([view]))
    uploader.add([film])
    await vi.advanceTimersByTimeAsync(1_000)
    await rest()

    expect(world.start).toHaveBeenCalledTimes(1)
    expect(uploader.snapshot().uploads[0]).toMatchObject({ fileId: "film-id", state: "stored" })
  })

  it("are left alone by a file that only has the same name and size", async () => {
    const { world, uploader } = await coming()
    uploader.add([aFilm("z")])
    await settle()

    expect(world.start).toHaveBeenCalledTimes(1)
    expect(uploader.snapshot().unfinished).toHaveLength(1)
  })

  it("are continued by one of two tabs only", async () => {
    const { world, uploader, open, film } = await coming()
    const other = open()
    await other.recall()
    expect(other.snapshot().unfinished).toHaveLength(1)

    uploader.add([film])
    other.add([film])
    await settle()

    expect(uploader.snapshot().uploads[0]?.fileId).toBe("film-id")
    expect(other.snapshot().uploads[0]?.fileId).toBe("film.mov")
    expect(world.start).toHaveBeenCalledTimes(1)
  })

  it("are continued once, by the first of two equal files", async () => {
    const { world, uploader, film } = await coming()
    uploader.add([film, film])
    await settle()

    expect(uploader.snapshot().uploads.map(({ fileId }) => fileId)).toEqual(["film-id", "film.mov"])
    expect(world.start).toHaveBeenCalledTimes(1)
  })

  it.each([
    ["after", 0],
    ["before", 500],
  ])(
    "are continued once by a file that is paused and resumed while other tabs are asked, who answer %s it is read again",
    async (_, reading) => {
      const { world, uploader, film, rest } = await coming()
      const { take } = world.locks
      const slow = vi.spyOn(world.locks, "take").mockImplementation(async (fileId) => {
        await new Promise((resolve) => setTimeout(resolve, 200))
        return take(fileId)
      })
      const [id = ""] = uploader.add([film])
      await settle()
      expect(slow).toHaveBeenCalledTimes(1)
      uploader.pause(id)
      world.isReadable.mockImplementationOnce(async () => {
        await new Promise((resolve) => setTimeout(resolve, reading))
        return true
      })
      uploader.resume(id)
      await vi.advanceTimersByTimeAsync(200 + reading)
      await rest()

      expect(world.start).not.toHaveBeenCalled()
      expect(world.finish).toHaveBeenCalledExactlyOnceWith("film-id", "hash of all")
      expect(uploader.snapshot().uploads[0]).toMatchObject({ fileId: "film-id", state: "stored" })
      expect(world.locks.held.size).toBe(0)
    },
  )

  it("begin anew when the app gave them up meanwhile", async () => {
    const { world, uploader, film, rest } = await coming()
    world.sign.mockResolvedValueOnce(no(404))
    uploader.add([film])
    await settle()
    await rest()

    expect(world.start).toHaveBeenCalledTimes(1)
    expect(uploader.snapshot().uploads[0]).toMatchObject({ fileId: "film.mov", state: "stored" })
  })

  it("go on with one click where the browser kept the file's handle", async () => {
    const { world, uploader, rest, permission } = await coming({ kept: true })
    expect(uploader.snapshot().unfinished[0]?.kept).toBe(true)

    expect(await uploader.goOn("film-id")).toBe("begun")
    await settle()
    expect(permission).toHaveBeenCalledWith({ mode: "read" })
    expect(world.onTheWay()).toEqual([6, 8, 9, 10])
    expect(uploader.snapshot().uploads[0]).toMatchObject({ name: "film.mov", path: "holiday" })
    expect(world.kept.has("film-id")).toBe(true)
    await rest()

    expect(uploader.snapshot().uploads[0]?.state).toBe("stored")
    expect(world.start).not.toHaveBeenCalled()
    expect(world.kept.size).toBe(0)
    expect(world.locks.held.size).toBe(0)
  })

  it("go on once when clicked twice", async () => {
    const { uploader } = await coming({ kept: true })
    const clicks = await Promise.all([uploader.goOn("film-id"), uploader.goOn("film-id")])

    expect(clicks).toEqual(["begun", "begun"])
    expect(uploader.snapshot().uploads).toHaveLength(1)
  })

  it("ask for the file when there is no handle, no permission, or no such file", async () => {
    const { world, uploader, permission, handle } = await coming({ kept: true })
    permission.mockResolvedValueOnce("denied")
    expect(await uploader.goOn("film-id")).toBe("pick")
    const gone = vi.spyOn(handle, "getFile").mockRejectedValueOnce(new DOMException("", "NotFound"))
    expect(await uploader.goOn("film-id")).toBe("pick")
    expect(gone).toHaveBeenCalledTimes(1)
    world.kept.clear()
    expect(await uploader.goOn("film-id")).toBe("pick")

    expect(uploader.snapshot().unfinished).toHaveLength(1)
    expect(uploader.snapshot().uploads).toEqual([])
  })

  it("are not mixed with a file that was changed since", async () => {
    const { world, uploader } = await coming({ kept: true })
    world.kept.set(
      "film-id",
      aHandle(aFilm("z"), async () => "granted"),
    )

    expect(await uploader.goOn("film-id")).toBe("changed")
    expect(uploader.snapshot().unfinished).toHaveLength(1)
    expect(world.waiting).toEqual([])
  })

  it("are given up in the app, one or all", async () => {
    const { world, uploader, view } = await coming({ kept: true })
    const others = [aView("second", { fingerprint: "2" }), aView("third", { fingerprint: "3" })]
    world.listUnfinished.mockResolvedValue(ok([view, ...others]))
    await uploader.recall()

    uploader.giveUp(["film-id", "unknown"])
    expect(world.abandon.mock.calls).toEqual([["film-id"]])
    expect(world.kept.size).toBe(0)
    uploader.giveUp()

    expect(world.abandon.mock.calls).toEqual([["film-id"], ["second"], ["third"]])
    expect(uploader.snapshot().unfinished).toEqual([])
  })

  it("are no longer kept once the app has forgotten them", async () => {
    const { world, uploader } = await coming({ kept: true })
    world.listUnfinished.mockResolvedValue(ok([]))
    await uploader.recall()

    expect(uploader.snapshot().unfinished).toEqual([])
    expect(world.kept.size).toBe(0)
  })

  it("do not list what this tab is sending", async () => {
    const { world, uploader, view } = await coming()
    uploader.add([aFile("small"), aFile("other")])
    await settle()
    world.listUnfinished.mockResolvedValue(
      ok([view, aView("small", { fingerprint: "1" }), aView("other", { fingerprint: "2" })]),
    )
    await uploader.recall()

    expect(uploader.snapshot().unfinished.map(({ fileId }) => fileId)).toEqual(["film-id"])
  })

  it("stay in the app, and with their handles, when another member takes the tab", async () => {
    const { world, uploader, film, open, handle } = await coming()
    uploader.add([{ ...film, handle }, aFile("more")])
    await settle()

    uploader.leave()
    await settle()

    expect(uploader.snapshot()).toMatchObject({ uploads: [], unfinished: [] })
    expect(world.waiting).toEqual([])
    expect(world.abandon).not.toHaveBeenCalled()
    expect(world.kept.has("film-id")).toBe(true)
    const later = open()
    await later.recall()
    expect(later.snapshot().unfinished).toMatchObject([{ fileId: "film-id", kept: true }])
  })

  it("keep a handle from the beginning until the file is stored or given up", async () => {
    const { world, uploader, film, handle, rest } = await coming()
    const [id] = uploader.add([{ ...film, name: "another.mov", handle }])
    await settle()
    expect(world.kept.get("another.mov")).toBe(handle)
    uploader.cancel(id)
    expect(world.kept.size).toBe(0)

    uploader.add([{ ...film, name: "third.mov", handle }])
    await settle()
    await rest()
    expect(world.kept.size).toBe(0)
  })
})

/** Ten MiB of one letter. */
function aFilm(letter = "f"): UploadSource {
  const body = new File([letter.repeat(10 * MIB)], "film.mov", { lastModified: 1 })
  return { name: "film.mov", path: "", contentType: "video/quicktime", body }
}

function aHandle({ name, body }: UploadSource, permission: () => Promise<PermissionState>) {
  const file = new File([body], name, { lastModified: 1 })
  const handle: FileSystemFileHandle = {
    kind: "file",
    name,
    isSameEntry: async () => false,
    createWritable: async () => Promise.reject(new Error("Read only.")),
    getFile: async () => file,
    requestPermission: permission,
  }
  return handle
}
