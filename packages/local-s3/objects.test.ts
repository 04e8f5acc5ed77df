import { readdir } from "node:fs/promises"
import { join } from "node:path"
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  type GetObjectCommandInput,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
} from "@aws-sdk/client-s3"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { aStore, BUCKET, sendSigned } from "./testing.ts"

let store: Awaited<ReturnType<typeof aStore>>
beforeAll(async () => {
  store = await aStore()
})
afterAll(async () => {
  expect(store.errors).toEqual([])
  await store.close()
})

const put = (Key: string, Body = "0123456789", more: Partial<PutObjectCommandInput> = {}) =>
  store.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: Buffer.from(Body), ...more }))
const get = async (Key: string, more: Partial<GetObjectCommandInput> = {}) => {
  const answer = await store.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key, ...more }))
  return { ...answer, text: await answer.Body?.transformToString() }
}
const copy = (from: string, to: string, more = {}) =>
  store.s3.send(
    new CopyObjectCommand({ Bucket: BUCKET, CopySource: `${BUCKET}/${from}`, Key: to, ...more }),
  )
const status = (httpStatusCode: number, name?: string) =>
  expect.objectContaining({
    ...(name && { name }),
    $metadata: expect.objectContaining({ httpStatusCode }),
  })

describe("an object", () => {
  it("comes back as it was put, with its headers and metadata, also after a restart", async () => {
    await put("whole", "hello", {
      ContentType: "text/plain; charset=utf-8",
      CacheControl: "max-age=60",
      ContentDisposition: 'attachment; filename="a b.txt"',
      ContentEncoding: "identity",
      ContentLanguage: "de",
      Expires: new Date("2030-01-01T00:00:00Z"),
      Metadata: { colour: "red", "two-words": "a b" },
    })
    await store.restart()

    expect(await get("whole")).toMatchObject({
      text: "hello",
      ContentLength: 5,
      ContentType: "text/plain; charset=utf-8",
      CacheControl: "max-age=60",
      ContentDisposition: 'attachment; filename="a b.txt"',
      ContentEncoding: "identity",
      ContentLanguage: "de",
      ExpiresString: "Tue, 01 Jan 2030 00:00:00 GMT",
      Metadata: { colour: "red", "two-words": "a b" },
      ETag: '"5d41402abc4b2a76b9719d911017c592"',
      AcceptRanges: "bytes",
    })
  })

  it("may be empty", async () => {
    const { ETag } = await put("empty", "")
    expect(ETag).toBe('"d41d8cd98f00b204e9800998ecf8427e"')
    expect(await get("empty")).toMatchObject({ text: "", ContentLength: 0 })
    await expect(get("empty", { Range: "bytes=0-" })).rejects.toEqual(status(416, "InvalidRange"))
  })

  it("is replaced as a whole, and the old bytes are deleted", async () => {
    await put("replaced", "old")
    const before = await blobCount()
    await put("replaced", "new")
    expect((await get("replaced")).text).toBe("new")
    expect(await blobCount()).toBe(before)
  })

  it("is gone when deleted, and deleting a missing object is no error", async () => {
    await put("gone")
    const before = await blobCount()
    for (let i = 0; i < 2; i++) {
      const answer = await store.s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: "gone" }))
      expect(answer.$metadata.httpStatusCode).toBe(204)
    }
    await expect(get("gone")).rejects.toEqual(status(404, "NoSuchKey"))
    await expect(
      store.s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key: "gone" })),
    ).rejects.toEqual(status(404, "NotFound"))
    expect(await blobCount()).toBe(before - 1)
  })

  it("is deleted with others, each with its own result", async () => {
    await Promise.all(["d/1", "d/2", "d/3"].map((key) => put(key)))
    const remove = (keys: string[], Quiet = false) =>
      store.s3.send(
        new DeleteObjectsCommand({
          Bucket: BUCKET,
          Delete: { Objects: keys.map((Key) => ({ Key })), Quiet },
        }),
      )
    const { Deleted, Errors } = await remove(["d/1", "d/none", "x".repeat(1025)])
    expect(Deleted?.map(({ Key }) => Key)).toEqual(["d/1", "d/none"])
    expect(Errors).toMatchObject([{ Code: "KeyTooLongError" }])
    expect((await remove(["d/2", "d/3"], true)).Deleted).toBeUndefined()
    await expect(get("d/3")).rejects.toEqual(status(404))
    await expect(remove(Array.from({ length: 1001 }, (_, i) => `k${i}`))).rejects.toEqual(
      status(400, "MalformedXML"),
    )
  })

  it("carries headers that keep a browser from running it, whatever its type", async () => {
    await put("page.html", "<script>alert(1)</script>", { ContentType: "text/html" })
    const { headers } = await sendSigned(store.url, { target: `/${BUCKET}/page.html` })
    expect(headers["x-content-type-options"]).toBe("nosniff")
    expect(headers["content-security-policy"]).toMatch(/(^|; )sandbox($|;)/)
    expect(headers["content-security-policy"]).toContain("default-src 'none'")
  })

  it("has the headers of its answer overridden by a signed query", async () => {
    await put("override", "x", { ContentType: "text/html" })
    expect(
      await get("override", {
        ResponseContentType: "application/octet-stream",
        ResponseContentDisposition: 'attachment; filename="ä.txt"',
        ResponseCacheControl: "no-store",
        ResponseContentLanguage: "fr",
        ResponseContentEncoding: "identity",
        ResponseExpires: new Date(0),
      }),
    ).toMatchObject({
      ContentType: "application/octet-stream",
      CacheControl: "no-store",
      ContentLanguage: "fr",
      ContentEncoding: "identity",
      ExpiresString: "Thu, 01 Jan 1970 00:00:00 GMT",
    })
    for (const bad of ["a\r\nSet-Cookie: x=1", "名前"])
      await expect(get("override", { ResponseContentDisposition: bad })).rejects.toEqual(
        status(400, "InvalidArgument"),
      )
  })

  it.each([
    ["gzip", "gzip"],
    ["deflate, gzip", "deflate, gzip"],
    ["deflate,gzip", "deflate,gzip"],
    ["aws-chunked, deflate, gzip", "deflate, gzip"],
    ["deflate, gzip, aws-chunked", "deflate, gzip"],
    ["aws-chunked", undefined],
  ])("sent with Content-Encoding %s comes back with %s", async (ContentEncoding, expected) => {
    await put("encoded", "x", { ContentEncoding })
    expect((await get("encoded")).ContentEncoding).toBe(expected)
  })

  it("keeps at most 2 KiB of metadata", async () => {
    await put("meta", "x", { Metadata: { a: "b".repeat(2047) } })
    await expect(put("meta", "x", { Metadata: { a: "b".repeat(2048) } })).rejects.toEqual(
      status(400, "MetadataTooLarge"),
    )
  })
})

describe("a range", () => {
  beforeAll(async () => {
    await put("ten")
  })

  it.each([
    ["bytes=0-3", "0123", "bytes 0-3/10"],
    ["bytes=4-", "456789", "bytes 4-9/10"],
    ["bytes=-3", "789", "bytes 7-9/10"],
    ["bytes=-99", "0123456789", "bytes 0-9/10"],
    ["bytes=9-99", "9", "bytes 9-9/10"],
  ])("%s gives %s", async (Range, text, ContentRange) => {
    const answer = await get("ten", { Range })
    expect(answer).toMatchObject({ text, ContentRange, ContentLength: text.length })
    expect(answer.$metadata.httpStatusCode).toBe(206)
  })

  it.each(["bytes=10-", "bytes=10-12", "bytes=-0"])("%s cannot be satisfied", async (Range) => {
    await expect(get("ten", { Range })).rejects.toEqual(status(416, "InvalidRange"))
    const raw = { target: `/${BUCKET}/ten`, headers: { range: Range } }
    const { headers } = await sendSigned(store.url, raw)
    expect(headers["content-range"]).toBe("bytes */10")
  })

  it.each(["bytes=3-1", "bytes=0-1,4-5", "chars=0-1", "bytes=-", "bytes=a-b"])(
    "%s is no range to S3, which sends the whole",
    async (Range) => {
      const answer = await get("ten", { Range })
      expect(answer.text).toBe("0123456789")
      expect(answer.$metadata.httpStatusCode).toBe(200)
    },
  )

  it("of the last bytes of an empty object is the whole object, and any other range is unsatisfiable", async () => {
    await put("empty-range", "")
    const range = (value: string) =>
      sendSigned(store.url, { target: `/${BUCKET}/empty-range`, headers: { range: value } })
    expect(await range("bytes=-5")).toMatchObject({
      status: 200,
      headers: { "content-length": "0" },
    })
    for (const value of ["bytes=0-", "bytes=-0"]) expect((await range(value)).status).toBe(416)
  })

  it("is honoured with If-Range only while the object is the same", async () => {
    const { ETag, LastModified } = await get("ten")
    const ask = async (value: string | undefined) => {
      const headers = { range: "bytes=0-1", "if-range": value ?? "" }
      return (await sendSigned(store.url, { target: `/${BUCKET}/ten`, headers })).body
    }
    expect(await ask(ETag)).toBe("01")
    expect(await ask(LastModified?.toUTCString())).toBe("01")
    expect(await ask('"another"')).toBe("0123456789")
    expect(await ask("Thu, 01 Jan 1970 00:00:00 GMT")).toBe("0123456789")
    expect(await ask(`W/${ETag}`)).toBe("0123456789")
  })
})

describe("a condition", () => {
  const before = new Date("2000-01-01T00:00:00Z")
  const later = new Date("2100-01-01T00:00:00Z")
  let ETag = ""
  beforeAll(async () => {
    ETag = (await put("cond")).ETag ?? ""
  })

  it("lets a read pass, be not modified or fail as S3 and RFC 9110 say", async () => {
    const other = '"other"'
    const outcomes: [Partial<GetObjectCommandInput>, number][] = [
      [{ IfMatch: ETag }, 200],
      [{ IfMatch: "*" }, 200],
      [{ IfMatch: `${other}, ${ETag}` }, 200],
      [{ IfMatch: other }, 412],
      [{ IfNoneMatch: other }, 200],
      [{ IfNoneMatch: ETag }, 304],
      [{ IfNoneMatch: "*" }, 304],
      [{ IfModifiedSince: before }, 200],
      [{ IfModifiedSince: later }, 304],
      [{ IfUnmodifiedSince: later }, 200],
      [{ IfUnmodifiedSince: before }, 412],
      [{ IfMatch: ETag, IfUnmodifiedSince: before }, 200],
      [{ IfNoneMatch: other, IfModifiedSince: later }, 200],
      [{ IfNoneMatch: ETag, IfModifiedSince: before }, 304],
    ]
    for (const [conditions, expected] of outcomes) {
      const seen = await get("cond", conditions).then(
        ({ $metadata }) => $metadata.httpStatusCode,
        ({ $metadata }) => $metadata.httpStatusCode,
      )
      expect([conditions, seen]).toEqual([conditions, expected])
    }
  })

  it("lets a write pass or fail by the current object", async () => {
    await expect(put("cond", "x", { IfNoneMatch: "*" })).rejects.toEqual(
      status(412, "PreconditionFailed"),
    )
    await expect(put("cond", "x", { IfMatch: '"other"' })).rejects.toEqual(status(412))
    await expect(put("nothing", "x", { IfMatch: "*" })).rejects.toEqual(status(404, "NoSuchKey"))
    await expect(put("cond", "x", { IfNoneMatch: ETag })).rejects.toEqual(
      status(501, "NotImplemented"),
    )
    await put("cond", "y", { IfMatch: ETag })
    await put("cond-new", "y", { IfNoneMatch: "*" })
  })

  it("lets exactly one of many simultaneous writers of a new key win", async () => {
    for (let round = 0; round < 5; round++) {
      const key = `race-${round}`
      const writers = Array.from({ length: 20 }, (_, i) =>
        put(key, `writer ${i}`, { IfNoneMatch: "*" }).then(() => `writer ${i}`),
      )
      const results = await Promise.allSettled(writers)
      const won = results.filter((result) => result.status === "fulfilled")
      const lost = results.filter((result) => result.status === "rejected")
      expect(won).toHaveLength(1)
      expect(lost.map(({ reason }) => reason)).toEqual(Array(19).fill(status(412)))
      expect((await get(key)).text).toBe(won[0]?.value)
    }
  })
})

describe("a copy", () => {
  it("has the source's bytes, headers and metadata, or new ones, and outlives the source", async () => {
    await put("from +ü", "bytes", { ContentType: "text/plain", Metadata: { a: "1" } })
    const source = encodeURIComponent("from +ü")
    const { CopyObjectResult } = await copy(source, "to")
    await copy(source, "to-new", {
      MetadataDirective: "REPLACE",
      ContentType: "image/png",
      Metadata: { b: "2" },
    })
    await store.s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: "from +ü" }))

    expect(await get("to")).toMatchObject({
      text: "bytes",
      ContentType: "text/plain",
      Metadata: { a: "1" },
      ETag: CopyObjectResult?.ETag,
    })
    expect(await get("to-new")).toMatchObject({
      text: "bytes",
      ContentType: "image/png",
      Metadata: { b: "2" },
    })
  })

  it("follows the conditions on its source and on its target", async () => {
    const { ETag } = await put("src")
    await put("taken")
    await copy("src", "c1", { CopySourceIfMatch: ETag })
    await expect(copy("src", "c2", { CopySourceIfMatch: '"x"' })).rejects.toEqual(status(412))
    await expect(copy("src", "c2", { CopySourceIfNoneMatch: ETag })).rejects.toEqual(status(412))
    const past = new Date(0)
    await expect(copy("src", "c2", { CopySourceIfUnmodifiedSince: past })).rejects.toEqual(
      status(412),
    )
    await expect(copy("src", "taken", { IfNoneMatch: "*" })).rejects.toEqual(status(412))
    await expect(get("c2")).rejects.toEqual(status(404))
  })

  it("of itself must change something, and of a missing object is refused", async () => {
    await put("self", "x", { ContentType: "text/plain" })
    await expect(copy("self", "self")).rejects.toEqual(status(400, "InvalidRequest"))
    await copy("self", "self", { MetadataDirective: "REPLACE", ContentType: "text/css" })
    expect(await get("self")).toMatchObject({ text: "x", ContentType: "text/css" })
    await expect(copy("no-such-key", "x")).rejects.toEqual(status(404, "NoSuchKey"))
  })
})

describe("a bucket", () => {
  it("can be created once, read and listed", async () => {
    const { s3 } = store
    const Bucket = "another.bucket"
    await s3.send(new CreateBucketCommand({ Bucket }))
    await s3.send(new HeadBucketCommand({ Bucket }))
    const { Buckets } = await s3.send(new ListBucketsCommand({}))
    expect(Buckets?.map(({ Name }) => Name)).toEqual([Bucket, BUCKET])
    const location = await s3.send(new GetBucketLocationCommand({ Bucket }))
    expect(location.LocationConstraint).toBeUndefined()
    await expect(s3.send(new CreateBucketCommand({ Bucket }))).rejects.toEqual(
      status(409, "BucketAlreadyOwnedByYou"),
    )
    await expect(s3.send(new DeleteBucketCommand({ Bucket }))).rejects.toEqual(
      status(405, "MethodNotAllowed"),
    )
    const missing = new PutObjectCommand({ Bucket: "missing", Key: "x", Body: "y" })
    await expect(s3.send(missing)).rejects.toEqual(status(404, "NoSuchBucket"))
  })

  it.each(["ab", "Upper", "-a-b", "a..b", "a.-b", "a-.b", "192.168.1.1", "a_b", "x".repeat(64)])(
    "cannot be called %s",
    async (name) => {
      const answer = await sendSigned(store.url, { method: "PUT", target: `/${name}` })
      expect([answer.status, answer.body]).toEqual([
        400,
        expect.stringContaining("InvalidBucketName"),
      ])
    },
  )

  it("is listed with others in pages", async () => {
    for (const Bucket of ["page-c", "page-a", "page-b"])
      await store.s3.send(new CreateBucketCommand({ Bucket }))
    const list = async (more = {}) => {
      const command = new ListBucketsCommand({ Prefix: "page-", MaxBuckets: 2, ...more })
      const { Buckets = [], ContinuationToken } = await store.s3.send(command)
      return { names: Buckets.map(({ Name }) => Name), ContinuationToken }
    }
    const first = await list()
    expect(first.names).toEqual(["page-a", "page-b"])
    expect(await list({ ContinuationToken: first.ContinuationToken })).toEqual({
      names: ["page-c"],
      ContinuationToken: undefined,
    })
  })
})

describe("a feature that this store does not have", () => {
  it.each([
    ["PUT", "?acl"],
    ["GET", "?torrent"],
    ["PUT", "?retention"],
    ["POST", "?restore"],
  ])("is refused, never taken for the plain operation: %s %s", async (method, query) => {
    await put("plain", "kept")
    const answer = await sendSigned(store.url, { method, target: `/${BUCKET}/plain${query}` })
    expect(answer.status).toBe(501)
    expect((await get("plain")).text).toBe("kept")
  })

  it.each([
    [501, "NotImplemented", { ACL: "public-read" }],
    [501, "NotImplemented", { ServerSideEncryption: "AES256" }],
    [501, "NotImplemented", { WebsiteRedirectLocation: "/x" }],
    [501, "NotImplemented", { ObjectLockLegalHoldStatus: "ON" }],
    [501, "NotImplemented", { GrantRead: "id=x" }],
    [400, "InvalidStorageClass", { StorageClass: "REDUCED_REDUNDANCY" }],
    [400, "InvalidStorageClass", { StorageClass: "GLACIER" }],
    [403, "AccessDenied", { ExpectedBucketOwner: "111122223333" }],
  ] as const)("is refused when a header asks for it: %i %s %o", async (code, name, more) => {
    await put("plain", "kept", { ACL: "private", ExpectedBucketOwner: "local" })
    await expect(put("plain", "x", more)).rejects.toEqual(status(code, name))
    expect((await get("plain")).text).toBe("kept")
  })

  it("is refused in a bucket and a deletion as well", async () => {
    for (const [method, target, headers] of [
      ["PUT", "/another-bucket", { "x-amz-acl": "public-read" }],
      ["PUT", "/another-bucket", { "x-amz-bucket-object-lock-enabled": "true" }],
      ["PUT", "/another-bucket", { "x-amz-object-ownership": "ObjectWriter" }],
      ["DELETE", `/${BUCKET}/plain`, { "x-amz-if-match-size": "1" }],
      ["DELETE", `/${BUCKET}/plain`, { "x-amz-if-match-last-modified-time": "x" }],
      ["GET", `/${BUCKET}/plain`, { "x-amz-tagging": "a=b" }],
    ] as const) {
      const answer = await sendSigned(store.url, { method, target, headers })
      expect([method, target, headers, answer.status]).toEqual([method, target, headers, 501])
    }
    const { Errors } = await store.s3.send(
      new DeleteObjectsCommand({
        Bucket: BUCKET,
        Delete: { Objects: [{ Key: "plain", Size: 1 }] },
      }),
    )
    expect(Errors).toEqual([expect.objectContaining({ Key: "plain", Code: "NotImplemented" })])
    expect((await get("plain")).text).toBe("kept")
  })
})

describe("names that every object has", () => {
  it("select no operation, and as metadata come back as sent", async () => {
    for (const name of ["constructor", "__proto__", "toString"]) {
      const target = `/${BUCKET}/own?${name}`
      expect((await sendSigned(store.url, { method: "POST", target })).status).toBe(405)
      const payloadHash = await sendSigned(
        store.url,
        { method: "PUT", target: `/${BUCKET}/own`, headers: { "content-length": "0" } },
        { payloadHash: name },
      )
      expect(payloadHash.status).toBe(400)
    }
    const headers = { "content-length": "0", "x-amz-meta-__proto__": "a", "x-amz-meta-b": "b" }
    await sendSigned(store.url, { method: "PUT", target: `/${BUCKET}/own`, headers })
    await store.restart()
    const head = await sendSigned(store.url, { method: "HEAD", target: `/${BUCKET}/own` })
    expect(head.headers).toMatchObject({ "x-amz-meta-b": "b" })
    expect(Object.entries(head.headers)).toContainEqual(["x-amz-meta-__proto__", "a"])
  })
})

async function blobCount() {
  const shards = await readdir(join(store.dir, "blobs"))
  const names = await Promise.all(shards.map((shard) => readdir(join(store.dir, "blobs", shard))))
  return names.flat().length
}
