import { randomBytes } from "node:crypto"
import { mkdir, readdir, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { aStore, BUCKET } from "../testing.ts"

let store: Awaited<ReturnType<typeof aStore>>
beforeEach(async () => {
  store = await aStore()
  await store.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: "kept", Body: "kept" }))
})
afterEach(() => store.close())

const objects = () => join(store.dir, "buckets", BUCKET, "objects")

async function theFileOfTheObject() {
  for (const shard of await readdir(objects()))
    for (const name of await readdir(join(objects(), shard))) return join(objects(), shard, name)
  throw new Error("There is none.")
}

describe("a start", () => {
  it("removes unfinished files of a crash, and nothing else", async () => {
    const stray = `ab${randomBytes(15).toString("hex")}`
    const strayParts = `cd${randomBytes(15).toString("hex")}`
    await writeFile(join(store.dir, "tmp", "half"), "half")
    await writeFile(join(store.dir, "blobs", "ab", stray), "unreferenced")
    await mkdir(join(store.dir, "blobs", "cd", strayParts))
    await writeFile(join(store.dir, "blobs", "cd", strayParts, "1"), "unreferenced")

    await store.restart()

    expect(await readdir(join(store.dir, "tmp"))).toEqual([])
    expect(await readdir(join(store.dir, "blobs", "ab"))).not.toContain(stray)
    expect(await readdir(join(store.dir, "blobs", "cd"))).not.toContain(strayParts)
    const { Body } = await store.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: "kept" }))
    expect(await Body?.transformToString()).toBe("kept")
  })

  it("stops at a damaged file, names it, and keeps the bytes", async () => {
    const path = await theFileOfTheObject()
    await writeFile(path, '{"key":"ke')
    await expect(store.restart()).rejects.toThrow(path)
    await rm(path)
    await store.restart()
  })
})

describe("an object whose bytes were lost", () => {
  it("is answered with an internal error and reported, and not with a broken download", async () => {
    for (const shard of await readdir(join(store.dir, "blobs")))
      for (const blob of await readdir(join(store.dir, "blobs", shard)))
        await rm(join(store.dir, "blobs", shard, blob))
    const get = store.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: "kept" }))
    await expect(get).rejects.toMatchObject({ name: "InternalError" })
    expect(store.errors).toHaveLength(1)
  })
})
