import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { fingerprintSample } from "./hashing/fingerprint.ts"
import { aFile, anEnvironment, aRecord, no, ok, settle, stored } from "./testing.ts"
import type { UploadSource } from "./upload.ts"
import { createUploader } from "./uploader.ts"

const MIB = 1024 ** 2
const fingerprintOf = async ({ name, body }: UploadSource) =>
  `hash of ${await fingerprintSample(name, body).text()}`

describe("uploads that an earlier page left unfinished", () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  /** Returns to the page as a member: the store has six of ten parts of the film. */
  async function returning({ hasHandle = false, film = aFilm() } = {}) {
    const env = anEnvironment()
    env.sendInParts(MIB)
    env.startedBefore("film-id", film.body.size, [1, 2, 3, 4, 5, 7])
    const record = aRecord("film-id", {
      name: film.name,
      path: "holiday",
      size: film.body.size,
      fingerprint: await fingerprintOf(film),
    })
    env.listUnfinished.mockResolvedValue(ok([record]))
    const permission = vi.fn(async () => "granted" as PermissionState)
    const handle = aHandle(film, permission)
    if (hasHandle) env.savedHandles.set("film-id", handle)
    const open = () => createUploader({ ...env.options, random: () => 1 })
    const uploader = open()
    await uploader.loadUnfinished()
    const rest = async () => {
      while (env.pendingPuts.length > 0) await env.answer(stored)
    }
    return { env, uploader, open, film, record, rest, permission, handle }
  }

  it("are listed with the bytes that the store has", async () => {
    const { uploader } = await returning()

    expect(uploader.snapshot().unfinished).toMatchObject([
      {
        fileId: "film-id",
        name: "film.mov",
        path: "holiday",
        size: 10 * MIB,
        storedBytes: 6 * MIB,
        startedAt: "2026-11-24T00:00:00Z",
        hasHandle: false,
      },
    ])
    expect(uploader.snapshot().totals.count).toBe(0)
  })

  it("are listed after the app gave them up, and begin again, by picking or from the handle", async () => {
    for (const hasHandle of [false, true]) {
      const { env, uploader, film, record, rest } = await returning({ hasHandle })
      env.listUnfinished.mockResolvedValue(ok([{ ...record, status: "abandoned" }]))
      await uploader.loadUnfinished()
      expect(uploader.snapshot().unfinished).toMatchObject([{ givenUp: true, storedBytes: 0 }])

      if (hasHandle) expect(await uploader.continueUnfinished("film-id")).toBe("continued")
      else uploader.add([film])
      await vi.advanceTimersByTimeAsync(1_000)
      expect(uploader.snapshot().unfinished).toEqual([])
      expect(env.abandon.mock.calls).toEqual([["film-id"]])
      await rest()
      expect(uploader.snapshot().uploads).toMatchObject([{ state: "stored", fileId: "film.mov" }])
    }
  })

  it("stay listed when the app does not answer", async () => {
    const { env, uploader } = await returning()
    env.listUnfinished.mockResolvedValue(no(503))
    await uploader.loadUnfinished()
    expect(uploader.snapshot().unfinished).toHaveLength(1)
  })

  it("do not include those of a script, which have no fingerprint, nor those of another tab", async () => {
    const { env, uploader, record } = await returning()
    const byScript = aRecord("by-script", { size: 20 * MIB })
    env.listUnfinished.mockResolvedValue(ok([record, byScript]))
    env.locks.locked.add("film-id")

    await uploader.loadUnfinished()

    expect(uploader.snapshot().unfinished).toEqual([])
  })

  it("are continued by adding the same file again", async () => {
    const { env, uploader, film, rest } = await returning()
    uploader.add([film])
    await settle()

    expect(uploader.snapshot().unfinished).toEqual([])
    expect(uploader.snapshot().uploads[0]).toMatchObject({
      fileId: "film-id",
      state: "sending",
      sentBytes: 6 * MIB,
      bytesPerSecond: null,
    })
    expect(env.partsInFlight()).toEqual([6, 8, 9, 10])
    await rest()
    expect(env.start).not.toHaveBeenCalled()
    expect(env.finish).toHaveBeenCalledExactlyOnceWith("film-id", "hash of all")
    expect(uploader.snapshot().uploads[0]?.state).toBe("stored")
  })

  it("are continued by a file that was added before the app had answered", async () => {
    const { env, open, film, record, rest } = await returning()
    let answer = () => {}
    env.listUnfinished.mockImplementation(async () => {
      await new Promise<void>((resolve) => {
        answer = resolve
      })
      return ok([record])
    })
    const uploader = open()
    void uploader.loadUnfinished()
    uploader.add([film])
    await settle()
    expect(env.pendingPuts).toEqual([])

    answer()
    await settle()
    await rest()

    expect(env.start).not.toHaveBeenCalled()
    expect(uploader.snapshot().uploads[0]?.state).toBe("stored")
  })

  it("are found again when only the answer to their start was lost", async () => {
    const { env, open, film, record, rest } = await returning()
    const uploader = open()
    env.start.mockResolvedValueOnce(no(0))
    env.listUnfinished.mockResolvedValueOnce(ok([record]))
    uploader.add([film])
    await vi.advanceTimersByTimeAsync(1_000)
    await rest()

    expect(env.start).toHaveBeenCalledTimes(1)
    expect(uploader.snapshot().uploads[0]).toMatchObject({ fileId: "film-id", state: "stored" })
  })

  it("are asked for until the app answers, before a record is created again", async () => {
    const { env, open, film, record, rest } = await returning()
    const uploader = open()
    env.start.mockResolvedValueOnce(no(0))
    env.listUnfinished
      .mockResolvedValueOnce(no(503))
      .mockResolvedValueOnce(no(0))
      .mockResolvedValueOnce(ok([record]))
    uploader.add([film])
    await vi.advanceTimersByTimeAsync(20_000)
    await rest()

    expect(env.start).toHaveBeenCalledTimes(1)
    expect(uploader.snapshot().uploads[0]).toMatchObject({ fileId: "film-id", state: "stored" })
  })

  it("are not continued by a file that only has the same name and size", async () => {
    const { env, uploader } = await returning()
    uploader.add([aFilm("z")])
    await settle()

    expect(env.start).toHaveBeenCalledTimes(1)
    expect(uploader.snapshot().unfinished).toHaveLength(1)
  })

  it("are continued by only one of two tabs", async () => {
    const { env, uploader, open, film } = await returning()
    const other = open()
    await other.loadUnfinished()
    expect(other.snapshot().unfinished).toHaveLength(1)

    uploader.add([film])
    other.add([film])
    await settle()

    expect(uploader.snapshot().uploads[0]?.fileId).toBe("film-id")
    expect(other.snapshot().uploads[0]?.fileId).toBe("film.mov")
    expect(env.start).toHaveBeenCalledTimes(1)
  })

  it("are continued once, by the first of two equal files", async () => {
    const { env, uploader, film } = await returning()
    uploader.add([film, film])
    await settle()

    expect(uploader.snapshot().uploads.map(({ fileId }) => fileId)).toEqual(["film-id", "film.mov"])
    expect(env.start).toHaveBeenCalledTimes(1)
  })

  it.each([
    ["after", 0],
    ["before", 500],
  ])(
    "are continued once by a file that is paused and resumed while other tabs are asked and answer %s it is read again",
    async (_, reading) => {
      const { env, uploader, film, rest } = await returning()
      const { acquire } = env.locks
      const slow = vi.spyOn(env.locks, "acquire").mockImplementation(async (fileId) => {
        await new Promise((resolve) => setTimeout(resolve, 200))
        return acquire(fileId)
      })
      const [id = ""] = uploader.add([film])
      await settle()
      expect(slow).toHaveBeenCalledTimes(1)
      uploader.pause(id)
      const hash = env.hasher.part.getMockImplementation()
      env.hasher.part.mockImplementationOnce(async (body) => {
        await new Promise((resolve) => setTimeout(resolve, reading))
        return (await hash?.(body)) ?? null
      })
      uploader.resume(id)
      await vi.advanceTimersByTimeAsync(200 + reading)
      await rest()

      expect(env.start).not.toHaveBeenCalled()
      expect(env.finish).toHaveBeenCalledExactlyOnceWith("film-id", "hash of all")
      expect(uploader.snapshot().uploads[0]).toMatchObject({ fileId: "film-id", state: "stored" })
      expect(env.locks.locked.size).toBe(0)
    },
  )

  it("start over when the app has deleted them meanwhile", async () => {
    const { env, uploader, film, rest } = await returning()
    env.renew.mockResolvedValueOnce(no(404))
    uploader.add([film])
    await settle()
    await rest()

    expect(env.start).toHaveBeenCalledTimes(1)
    expect(uploader.snapshot().uploads[0]).toMatchObject({ fileId: "film.mov", state: "stored" })
  })

  it("continue with one click where the browser stored the file's handle", async () => {
    const { env, uploader, rest, permission } = await returning({ hasHandle: true })
    expect(uploader.snapshot().unfinished[0]?.hasHandle).toBe(true)

    expect(await uploader.continueUnfinished("film-id")).toBe("continued")
    await settle()
    expect(permission).toHaveBeenCalledWith({ mode: "read" })
    expect(env.partsInFlight()).toEqual([6, 8, 9, 10])
    expect(uploader.snapshot().uploads[0]).toMatchObject({ name: "film.mov", path: "holiday" })
    expect(env.savedHandles.has("film-id")).toBe(true)
    await rest()

    expect(uploader.snapshot().uploads[0]?.state).toBe("stored")
    expect(env.start).not.toHaveBeenCalled()
    expect(env.savedHandles.size).toBe(0)
    expect(env.locks.locked.size).toBe(0)
  })

  it("continue once when clicked twice", async () => {
    const { uploader } = await returning({ hasHandle: true })
    const clicks = await Promise.all([
      uploader.continueUnfinished("film-id"),
      uploader.continueUnfinished("film-id"),
    ])

    expect(clicks).toEqual(["continued", "continued"])
    expect(uploader.snapshot().uploads).toHaveLength(1)
  })

  it("need the file when there is no handle, no permission, or no such file", async () => {
    const { env, uploader, permission, handle } = await returning({ hasHandle: true })
    permission.mockResolvedValueOnce("denied")
    expect(await uploader.continueUnfinished("film-id")).toBe("file_needed")
    const gone = vi.spyOn(handle, "getFile").mockRejectedValueOnce(new DOMException("", "NotFound"))
    expect(await uploader.continueUnfinished("film-id")).toBe("file_needed")
    expect(gone).toHaveBeenCalledTimes(1)
    env.savedHandles.clear()
    expect(await uploader.continueUnfinished("film-id")).toBe("file_needed")

    expect(uploader.snapshot().unfinished).toHaveLength(1)
    expect(uploader.snapshot().uploads).toEqual([])
  })

  it("are not continued with a file that was changed since", async () => {
    const { env, uploader } = await returning({ hasHandle: true })
    env.savedHandles.set(
      "film-id",
      aHandle(aFilm("z"), async () => "granted"),
    )

    expect(await uploader.continueUnfinished("film-id")).toBe("changed")
    expect(uploader.snapshot().unfinished).toHaveLength(1)
    expect(env.pendingPuts).toEqual([])
  })

  it("are deleted in the app, one or all", async () => {
    const { env, uploader, record } = await returning({ hasHandle: true })
    const others = [aRecord("second", { fingerprint: "2" }), aRecord("third", { fingerprint: "3" })]
    env.listUnfinished.mockResolvedValue(ok([record, ...others]))
    await uploader.loadUnfinished()

    uploader.abandonUnfinished(["film-id", "unknown"])
    expect(env.abandon.mock.calls).toEqual([["film-id"]])
    expect(env.savedHandles.size).toBe(0)
    uploader.abandonUnfinished()

    expect(env.abandon.mock.calls).toEqual([["film-id"], ["second"], ["third"]])
    expect(uploader.snapshot().unfinished).toEqual([])
  })

  it("lose their handle once the app has deleted them", async () => {
    const { env, uploader } = await returning({ hasHandle: true })
    env.listUnfinished.mockResolvedValue(ok([]))
    await uploader.loadUnfinished()

    expect(uploader.snapshot().unfinished).toEqual([])
    expect(env.savedHandles.size).toBe(0)
  })

  it("do not include what this tab is sending", async () => {
    const { env, uploader, record } = await returning()
    uploader.add([aFile("small"), aFile("other")])
    await settle()
    env.listUnfinished.mockResolvedValue(
      ok([record, aRecord("small", { fingerprint: "1" }), aRecord("other", { fingerprint: "2" })]),
    )
    await uploader.loadUnfinished()

    expect(uploader.snapshot().unfinished.map(({ fileId }) => fileId)).toEqual(["film-id"])
  })

  it("stay in the app, with their handles, when another member uses the tab", async () => {
    const { env, uploader, film, open, handle } = await returning()
    uploader.add([{ ...film, handle }, aFile("more")])
    await settle()

    uploader.reset()
    await settle()

    expect(uploader.snapshot()).toMatchObject({ uploads: [], unfinished: [] })
    expect(env.pendingPuts).toEqual([])
    expect(env.abandon).not.toHaveBeenCalled()
    expect(env.savedHandles.has("film-id")).toBe(true)
    const later = open()
    await later.loadUnfinished()
    expect(later.snapshot().unfinished).toMatchObject([{ fileId: "film-id", hasHandle: true }])
  })

  it("have a stored handle from the start until the file is stored or cancelled", async () => {
    const { env, uploader, film, handle, rest } = await returning()
    const [id] = uploader.add([{ ...film, name: "another.mov", handle }])
    await settle()
    expect(env.savedHandles.get("another.mov")).toBe(handle)
    uploader.cancel(id)
    expect(env.savedHandles.size).toBe(0)

    uploader.add([{ ...film, name: "third.mov", handle }])
    await settle()
    await rest()
    expect(env.savedHandles.size).toBe(0)
  })
})

/** A file of ten MiB of one letter. */
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
