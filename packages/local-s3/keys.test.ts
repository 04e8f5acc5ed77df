import { readdir } from "node:fs/promises"
import { join, resolve } from "node:path"
import { DeleteObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { aDirectory, aStore, BUCKET, send, sendSigned } from "./testing.ts"

// The directory around the store is new, so that only the store writes to it.
let place: Awaited<ReturnType<typeof aDirectory>>
let store: Awaited<ReturnType<typeof aStore>>
beforeAll(async () => {
  place = await aDirectory()
  store = await aStore({ dir: join(place.dir, "store") })
})
afterAll(async () => {
  expect(store.errors).toEqual([])
  await store.close()
  await place.remove()
})

const KEYS_TO_TRY = [
  "a",
  "a/",
  "a/b",
  "a/b/c",
  "A",
  "/leading",
  "//",
  "a//b",
  ".",
  "..",
  "../../../../etc/passwd",
  "a/../b",
  "./a",
  "..%2f..%2fx",
  "%2e%2e/%00",
  "bucket.json",
  "a.json",
  "con",
  "a\\b",
  "~!@#$%^&*()_+`-={}|[]:\";'<>?,./",
  "a b+c",
  "ünïcödé",
  "日本語/ファイル",
  "😀/￿",
  "e\u0301",
  "\u00e9",
  "tab\tnew\nline\u0001",
  "x".repeat(1024),
  "ü".repeat(512),
  "y/".repeat(512),
]

describe("a key", () => {
  it("of any legal characters keeps its bytes, and nothing is written outside", async () => {
    const { s3, dir } = store
    const outside = await readdir(resolve(dir, ".."))
    for (const [i, Key] of KEYS_TO_TRY.entries()) {
      const { status } = await put(rawTarget(Key), `content ${i}`)
      expect([Key, status]).toEqual([Key, 200])
    }
    await store.restart()

    for (const [i, Key] of KEYS_TO_TRY.entries()) {
      const { body } = await sendSigned(store.url, { target: rawTarget(Key) })
      expect([Key, body]).toEqual([Key, `content ${i}`])
    }
    expect(new Set(await readdir(resolve(dir, "..")))).toEqual(new Set(outside))
    expect((await readdir(dir)).sort()).toEqual(["blobs", "buckets", "lock", "tmp"])
    expect((await readdir(join(dir, "buckets"))).sort()).toEqual([BUCKET])

    const { Contents } = await s3.send(
      new ListObjectsV2Command({ Bucket: BUCKET, EncodingType: "url" }),
    )
    const listed = Contents?.map(({ Key = "" }) => decodeURIComponent(Key.replaceAll("+", " ")))
    const byBytes = [...KEYS_TO_TRY].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    expect(listed).toEqual(byBytes)

    await s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: "a" }))
    expect((await sendSigned(store.url, { target: `/${BUCKET}/a/b` })).status).toBe(200)
  })

  it("longer than 1,024 bytes is refused, as is one that is not UTF-8 or holds NUL", async () => {
    expect((await put(rawTarget("x".repeat(1025)))).body).toContain("KeyTooLongError")
    expect((await put(rawTarget(`${"ü".repeat(512)}x`))).body).toContain("KeyTooLongError")
    expect((await put(`/${BUCKET}/a%00b`)).body).toContain("InvalidURI")
    for (const bad of ["%ff", "%c3", "%zz", "%"]) {
      const target = `/${BUCKET}/${bad}`
      const answer = await send(store.url, { method: "PUT", target, body: "x" })
      expect([answer.status, answer.body]).toEqual([400, expect.stringContaining("InvalidURI")])
    }
  })

  it("cannot be in a bucket whose name is a path", async () => {
    for (const name of ["..", ".", "%2e%2e", "..%2f..", "bucket%2f.."])
      for (const method of ["GET", "PUT", "DELETE"]) {
        const { status } = await sendSigned(store.url, { method, target: `/${name}/bucket.json` })
        expect([name, method, status]).toEqual([name, method, 404])
      }
  })
})

function rawTarget(key: string) {
  const segments = key.split("/").map((segment) => encodeURIComponent(segment))
  return `/${BUCKET}/${segments.join("/")}`
}

function put(target: string, body = "x") {
  const headers = { "content-length": String(body.length) }
  return sendSigned(store.url, { method: "PUT", target, body, headers })
}
