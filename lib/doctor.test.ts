import { beforeEach, describe, expect, it, vi } from "vitest"
import { aSharedFile } from "#testing/builders/shared-file.ts"
import { removeTags, replaceTags, someTags, tagsOf } from "#testing/store/tagging-program.ts"
import { withStoreAt } from "#testing/with-outage.ts"
import { checkTags } from "./cut-offs/tags/check-tags.ts"
import { db } from "./db.ts"
import { checkStorage, findStorageCheck } from "./doctor.ts"
import { listMultiparts, listObjects } from "./storage.ts"

vi.setConfig({ testTimeout: 60_000 })

const onCeph = process.env.LAPSE_TEST_STORE === "ceph"

beforeEach(async () => {
  await db.$executeRaw`
    UPDATE installation SET storage_checked = NULL, storage_checking_until = NULL`
})

async function collect<Item>(items: AsyncGenerator<Item>) {
  const all: Item[] = []
  for await (const item of items) all.push(item)
  return all
}

/** The findings that are not ok on a store that is set up well. */
const NOT_OK = onCeph
  ? [
      ["complete_overwrite", "warn", "ignored"],
      ["checksums", "warn", "none"],
      ["signature_age", "warn", "ceph"],
      ["lifecycle", "warn", "none"], // these tests use the owner's key, which may read it
    ]
  : [
      ["signature_age", "skipped", "embedded"],
      ["lifecycle", "skipped", "unknown"],
    ]

describe("a check of the storage", () => {
  it("finds no fault in a store that is set up, and says what the store does not support", async () => {
    const { findings } = await checkStorage()

    const notOk = findings.filter(({ state }) => state !== "ok")
    expect(notOk.map(({ id, state, code }) => [id, state, code])).toEqual(NOT_OK)
    expect(findings).toHaveLength(24)
  })

  it("leaves nothing in the bucket", async () => {
    const left = async () => [
      ...(await collect(listObjects("probe/"))),
      ...(await collect(listObjects("o/probe/"))),
      ...(await collect(listMultiparts("probe/"))),
      ...(await collect(listMultiparts("o/probe/"))),
    ]
    const before = new Set((await left()).map(({ key }) => key))

    await checkStorage()

    // Other tests probe the same bucket at this moment.
    await expect
      .poll(async () => (await left()).filter(({ key }) => !before.has(key)), { timeout: 20_000 })
      .toEqual([])
  })

  it("is kept, so that every process shows the same", async () => {
    expect(await findStorageCheck()).toEqual({ check: null, runningSince: null })

    const check = await checkStorage()

    expect(await findStorageCheck()).toEqual({ check, runningSince: null })
  })

  it("runs only once at a time, however many ask for it", async () => {
    const asked = Promise.allSettled(Array.from({ length: 8 }, () => checkStorage()))
    await expect.poll(async () => (await findStorageCheck()).runningSince).toBeInstanceOf(Date)

    const answers = await asked

    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
    const refused = answers.flatMap((each) =>
      each.status === "rejected" ? [each.reason.code] : [],
    )
    expect(refused).toEqual(Array(7).fill("conflict"))
    await checkStorage()
  })

  it("runs again when the process that ran it has died", async () => {
    await db.$executeRaw`
      UPDATE installation SET storage_checking_until = clock_timestamp() + interval '1 hour'`
    await expect(checkStorage()).rejects.toMatchObject({ code: "conflict" })
    await db.$executeRaw`
      UPDATE installation SET storage_checking_until = clock_timestamp() - interval '1 second'`

    expect((await checkStorage()).findings).toHaveLength(24)
  })

  it("says that no store answers, and tries nothing else", async () => {
    const { findings } = await withStoreAt(checkStorage)

    const [first, ...others] = findings.filter(({ id }) => id !== "temporary_credentials")
    expect(first).toMatchObject({
      id: "credentials",
      state: "fail",
      code: "away",
      values: { place: "http://127.0.0.1:9", reason: "ECONNREFUSED" },
    })
    expect(new Set(others.map(({ code }) => code))).toEqual(new Set(["unreachable"]))
  })
})

describe("a program that tags files", () => {
  const found = async () => (await checkStorage()).findings.find(({ id }) => id === "other_tags")
  const keyOf = async (fileId: string) =>
    (await db.object.findFirstOrThrow({ where: { fileId, state: "live" } })).key

  it("is named by its tags, and by whether it changed the tag of Lapse", async () => {
    const [one, other] = [await aSharedFile(), await aSharedFile()]
    expect(await found()).toMatchObject({ state: "ok", values: { of: 2 } })

    const key = await keyOf(one.fileId)
    await replaceTags(key, [...(await tagsOf(key)), ...someTags(2)])
    expect(await found()).toMatchObject({
      state: "warn",
      code: "found",
      values: { count: 1, of: 2, tags: "team-0, team-1" },
    })

    await removeTags(await keyOf(other.fileId))
    await checkTags()
    expect(await found()).toMatchObject({
      state: "fail",
      code: "changed",
      values: { changed: 1 },
    })
  })
})
