import {
  DeleteObjectCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  PutObjectCommand,
} from "@aws-sdk/client-s3"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { createSortedMap, rankOf } from "../../disk/sorted-map.ts"
import { aStore, BUCKET, sendSigned } from "../../testing.ts"
import { pageOf } from "./key-page.ts"

const KEYS = ["a", "b/1", "b/2", "b/c/3", "b0", "d e+f/1", "ü/1", "z"]

let store: Awaited<ReturnType<typeof aStore>>
beforeAll(async () => {
  store = await aStore()
  await Promise.all(
    KEYS.map((Key) => store.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: Key }))),
  )
})
afterAll(async () => {
  expect(store.errors).toEqual([])
  await store.close()
})

async function list(more: Partial<ListObjectsV2CommandInput> = {}) {
  const answer = await store.s3.send(new ListObjectsV2Command({ Bucket: BUCKET, ...more }))
  return {
    ...answer,
    keys: answer.Contents?.map(({ Key }) => Key) ?? [],
    prefixes: answer.CommonPrefixes?.map(({ Prefix }) => Prefix) ?? [],
  }
}

describe("a listing", () => {
  it("has every key in the order of its bytes, with size, ETag and time", async () => {
    const { keys, Contents, KeyCount, IsTruncated } = await list()
    expect(keys).toEqual(["a", "b/1", "b/2", "b/c/3", "b0", "d e+f/1", "z", "ü/1"])
    expect(Contents?.[0]).toMatchObject({
      Size: 1,
      ETag: '"0cc175b9c0f1b6a831c399e269772661"',
      StorageClass: "STANDARD",
      LastModified: expect.any(Date),
    })
    expect([KeyCount, IsTruncated]).toEqual([8, false])
  })

  it("rolls keys up behind a prefix and a delimiter", async () => {
    expect(await list({ Delimiter: "/" })).toMatchObject({
      keys: ["a", "b0", "z"],
      prefixes: ["b/", "d e+f/", "ü/"],
      KeyCount: 6,
    })
    expect(await list({ Delimiter: "/", Prefix: "b/" })).toMatchObject({
      keys: ["b/1", "b/2"],
      prefixes: ["b/c/"],
    })
    expect(await list({ Prefix: "b" })).toMatchObject({ keys: ["b/1", "b/2", "b/c/3", "b0"] })
    expect(await list({ Prefix: "nothing" })).toMatchObject({ keys: [], KeyCount: 0 })
  })

  it.each([1, 2, 3, 7, 8, 1000])("pages by %i without loss or repetition", async (MaxKeys) => {
    for (const Delimiter of [undefined, "/"]) {
      const whole = await list({ Delimiter })
      const seen: (string | undefined)[] = []
      let token: string | undefined
      do {
        const page = await list({ Delimiter, MaxKeys, ContinuationToken: token })
        expect(page.KeyCount).toBeLessThanOrEqual(MaxKeys)
        seen.push(...page.keys, ...page.prefixes)
        token = page.NextContinuationToken
        expect(page.IsTruncated).toBe(token !== undefined)
      } while (token !== undefined)
      expect(seen.toSorted()).toEqual([...whole.keys, ...whole.prefixes].toSorted())
    }
  })

  it("pages in version 1 by marker, and names the next marker when keys are rolled up", async () => {
    const listV1 = (more = {}) =>
      store.s3.send(new ListObjectsCommand({ Bucket: BUCKET, Delimiter: "/", MaxKeys: 2, ...more }))
    const seen: (string | undefined)[] = []
    let Marker: string | undefined
    do {
      const page = await listV1({ Marker })
      seen.push(...(page.Contents ?? []).map(({ Key }) => Key))
      seen.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix))
      Marker = page.NextMarker
    } while (Marker !== undefined)
    expect(seen).toEqual(["a", "b/", "b0", "d e+f/", "z", "ü/"])
    expect((await listV1({ Delimiter: undefined })).NextMarker).toBeUndefined()
  })

  it("starts after a key, whether there is one or not", async () => {
    expect((await list({ StartAfter: "b/2" })).keys[0]).toBe("b/c/3")
    expect((await list({ StartAfter: "b/1x" })).keys[0]).toBe("b/2")
    expect(await list({ StartAfter: "b/", Delimiter: "/" })).toMatchObject({
      keys: ["b0", "z"],
      prefixes: ["d e+f/", "ü/"],
    })
    expect((await list({ StartAfter: "zzz", Prefix: "a" })).keys).toEqual([])
  })

  it("encodes keys on request, and refuses unknown encodings", async () => {
    expect((await list({ EncodingType: "url", Prefix: "d" })).keys).toEqual(["d+e%2Bf/1"])
    expect((await list({ MaxKeys: 0 })).IsTruncated).toBe(false)
    for (const query of [
      "list-type=3",
      "list-type=2&encoding-type=x",
      "max-keys=-1",
      "max-keys=many",
      "list-type=2&continuation-token=!",
      "list-type=2&continuation-token=",
    ]) {
      const answer = await sendSigned(store.url, { target: `/${BUCKET}?${query}` })
      expect([query, answer.status]).toEqual([query, 400])
    }
  })

  it("is right at once after every write and delete", async () => {
    for (let i = 0; i < 20; i++) {
      await store.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: `fresh/${i}`, Body: "x" }))
      expect((await list({ Prefix: "fresh/" })).KeyCount).toBe(i + 1)
    }
    for (let i = 19; i >= 0; i--) {
      await store.s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: `fresh/${i}` }))
      expect((await list({ Prefix: "fresh/" })).KeyCount).toBe(i)
    }
  })
})

describe("the order of keys", () => {
  it("is that of their UTF-8 bytes, surrogates included", () => {
    const keys = ["a", "Z", "\ud7ff", "\ue000", "\uffff", "😀", "a😀", "a\uffff", "", "\u{10ffff}"]
    const byRank = keys.toSorted((a, b) => (rankOf(a) < rankOf(b) ? -1 : 1))
    const byBytes = keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    expect(byRank).toEqual(byBytes)
  })

  it("makes a page of 100,000 keys quickly, however many are rolled up", () => {
    const keys = createSortedMap<number>()
    keys.load(Array.from({ length: 100_000 }, (_, i) => [`${i % 100}/${i}`, i] as const))
    const before = process.cpuUsage()
    for (let i = 0; i < 100; i++) {
      const page = pageOf(keys, { prefix: "", delimiter: "/", after: "", limit: 1000 })
      expect(page.commonPrefixes).toHaveLength(100)
      keys.set(`new/${i}`, i)
      keys.delete(`new/${i}`)
    }
    const { user, system } = process.cpuUsage(before)
    expect(user + system).toBeLessThan(2_000_000)
  })
})
