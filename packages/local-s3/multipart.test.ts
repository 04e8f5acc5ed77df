import { createHash, randomBytes } from "node:crypto"
import { readdir, stat } from "node:fs/promises"
import { join } from "node:path"
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3"
import { getSignedUrl } from "@aws-sdk/s3-request-presigner"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { createDigest } from "./body/checksums.ts"
import { aStore, BUCKET, send, sendSigned } from "./testing.ts"

const MIB = 1024 ** 2
const FIRST = randomBytes(5 * MIB)
const SECOND = randomBytes(5 * MIB + 1)
const LAST = randomBytes(3)
const WHOLE = Buffer.concat([FIRST, SECOND, LAST])

let store: Awaited<ReturnType<typeof aStore>>
beforeAll(async () => {
  store = await aStore()
})
afterAll(async () => {
  expect(store.errors).toEqual([])
  await store.close()
})

async function begin(Key: string, more = {}) {
  const { UploadId = "" } = await store.s3.send(
    new CreateMultipartUploadCommand({ Bucket: BUCKET, Key, ...more }),
  )
  const upload = { Bucket: BUCKET, Key, UploadId }
  return {
    ...upload,
    part: async (PartNumber: number, Body: Buffer, extra = {}): Promise<CompletedPart> => {
      const command = new UploadPartCommand({ ...upload, PartNumber, Body, ...extra })
      const { ETag, ChecksumCRC32, ChecksumSHA256, ChecksumCRC64NVME } =
        await store.s3.send(command)
      return { PartNumber, ETag, ChecksumCRC32, ChecksumSHA256, ChecksumCRC64NVME }
    },
    complete: (Parts: CompletedPart[], extra = {}) =>
      store.s3.send(
        new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts }, ...extra }),
      ),
    abort: () => store.s3.send(new AbortMultipartUploadCommand(upload)),
    list: (extra = {}) => store.s3.send(new ListPartsCommand({ ...upload, ...extra })),
  }
}

async function bytesOf(Key: string, more = {}) {
  const { Body } = await store.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key, ...more }))
  return Buffer.from((await Body?.transformToByteArray()) ?? [])
}

const md5 = (bytes: Buffer) => createHash("md5").update(bytes).digest()
const refusedAs = (name: string) => expect.objectContaining({ name })

describe("a multipart upload", () => {
  it("becomes one object of its parts in order, also when a part is sent again", async () => {
    const upload = await begin("mp/one", { ContentType: "video/mp4", Metadata: { a: "b" } })
    const last = await upload.part(9, LAST)
    await upload.part(1, SECOND)
    const first = await upload.part(1, FIRST)
    const second = await upload.part(2, SECOND)
    await expect(
      store.s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key: "mp/one" })),
    ).rejects.toEqual(refusedAs("NotFound"))
    await store.restart()
    const { ETag } = await upload.complete([first, second, last])

    const digest = md5(Buffer.concat([md5(FIRST), md5(SECOND), md5(LAST)])).toString("hex")
    expect(ETag).toBe(`"${digest}-3"`)
    await store.restart()
    const head = await store.s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key: "mp/one" }))
    expect(head).toMatchObject({
      ETag,
      ContentLength: WHOLE.length,
      ContentType: "video/mp4",
      Metadata: { a: "b" },
    })
    expect((await bytesOf("mp/one")).equals(WHOLE)).toBe(true)
  })

  it("gives any range across its parts, and each part by its number", async () => {
    for (const [from, to] of [
      [0, 0],
      [FIRST.length - 2, FIRST.length + 1],
      [FIRST.length, FIRST.length + SECOND.length - 1],
      [10, WHOLE.length - 1],
    ] as const) {
      const part = await bytesOf("mp/one", { Range: `bytes=${from}-${to}` })
      expect(part.equals(WHOLE.subarray(from, to + 1))).toBe(true)
    }
    expect((await bytesOf("mp/one", { PartNumber: 3 })).equals(LAST)).toBe(true)
    const { PartsCount, ContentRange } = await store.s3.send(
      new HeadObjectCommand({ Bucket: BUCKET, Key: "mp/one", PartNumber: 2 }),
    )
    expect([PartsCount, ContentRange]).toEqual([
      3,
      `bytes ${FIRST.length}-${FIRST.length + SECOND.length - 1}/${WHOLE.length}`,
    ])
    await expect(bytesOf("mp/one", { PartNumber: 4 })).rejects.toEqual(
      refusedAs("InvalidPartNumber"),
    )
  })

  it("lists its parts, in pages", async () => {
    const upload = await begin("mp/listed")
    for (const number of [3, 1, 10_000]) await upload.part(number, Buffer.from(`part ${number}`))
    const all = await upload.list()
    expect(all.Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
      [1, 6],
      [3, 6],
      [10_000, 10],
    ])
    expect(all.IsTruncated).toBe(false)
    const page = await upload.list({ MaxParts: 2 })
    expect(page).toMatchObject({ IsTruncated: true, NextPartNumberMarker: "3" })
    const rest = await upload.list({ PartNumberMarker: page.NextPartNumberMarker })
    expect(rest.Parts).toHaveLength(1)
    await upload.abort()
  })

  it("refuses the requests that S3 refuses, and stays open", async () => {
    const upload = await begin("mp/refused")
    const small = await upload.part(1, LAST)
    const last = await upload.part(2, LAST)
    const other = { PartNumber: 2, ETag: small.ETag?.replace(/[0-9a-f]/, "x") }
    await expect(upload.complete([small, last])).rejects.toEqual(refusedAs("EntityTooSmall"))
    await expect(upload.complete([last, small])).rejects.toEqual(refusedAs("InvalidPartOrder"))
    await expect(upload.complete([last, last])).rejects.toEqual(refusedAs("InvalidPartOrder"))
    await expect(upload.complete([small, other])).rejects.toEqual(refusedAs("InvalidPart"))
    await expect(upload.complete([{ ...last, PartNumber: 3 }])).rejects.toEqual(
      refusedAs("InvalidPart"),
    )
    await expect(upload.complete([])).rejects.toEqual(refusedAs("MalformedXML"))
    await expect(upload.complete([last], { MpuObjectSize: 4 })).rejects.toEqual(
      refusedAs("InvalidRequest"),
    )
    for (const number of [0, 10_001, -1])
      await expect(upload.part(number, LAST)).rejects.toEqual(refusedAs("InvalidArgument"))
    for (const body of ["", "<a>", "<Other/>", "<!DOCTYPE x><CompleteMultipartUpload/>"]) {
      const target = `/${BUCKET}/mp/refused?uploadId=${upload.UploadId}`
      const headers = { "content-length": String(body.length) }
      const answer = await sendSigned(store.url, { method: "POST", target, body, headers })
      expect([answer.status, answer.body]).toEqual([400, expect.stringContaining("MalformedXML")])
    }
    await upload.complete([last])
    expect((await bytesOf("mp/refused")).equals(LAST)).toBe(true)
  })

  it("is unknown once completed or aborted, and under any other key", async () => {
    const done = await begin("mp/done")
    const part = await done.part(1, LAST)
    const otherKey = { Bucket: BUCKET, Key: "mp/other", UploadId: done.UploadId }
    await expect(store.s3.send(new ListPartsCommand(otherKey))).rejects.toEqual(
      refusedAs("NoSuchUpload"),
    )
    await done.complete([part])
    const aborted = await begin("mp/aborted")
    await aborted.part(1, LAST)
    await aborted.abort()
    for (const upload of [done, aborted]) {
      await expect(upload.part(1, LAST)).rejects.toEqual(refusedAs("NoSuchUpload"))
      await expect(upload.list()).rejects.toEqual(refusedAs("NoSuchUpload"))
      await expect(upload.abort()).rejects.toEqual(refusedAs("NoSuchUpload"))
    }
    await expect(aborted.complete([part])).rejects.toEqual(refusedAs("NoSuchUpload"))
    expect(await readdir(join(store.dir, "buckets", BUCKET, "uploads"))).toEqual([])
    expect(await readdir(join(store.dir, "tmp"))).toEqual([])
  })

  it("completes only onto a free key with If-None-Match", async () => {
    const rivals = await Promise.all(Array.from({ length: 8 }, () => begin("mp/raced")))
    const parts = await Promise.all(
      rivals.map((upload, i) => upload.part(1, Buffer.from(`rival ${i}`))),
    )
    const results = await Promise.allSettled(
      rivals.map((upload, i) => upload.complete([parts[i] ?? {}], { IfNoneMatch: "*" })),
    )
    const won = results.findIndex(({ status }) => status === "fulfilled")
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
    expect((await bytesOf("mp/raced")).toString()).toBe(`rival ${won}`)
    for (const [i, upload] of rivals.entries()) if (i !== won) await upload.abort()
  })

  it("answers five simultaneous completions alike", async () => {
    const upload = await begin("mp/five")
    const part = await upload.part(1, LAST)
    const complete = () => upload.complete([part], { IfNoneMatch: "*" })
    const etags = (await Promise.all(Array.from({ length: 5 }, complete))).map(({ ETag }) => ETag)
    expect(new Set(etags).size).toBe(1)
    const changed = await store.s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key: upload.Key }))
    expect(changed.ETag).toBe(etags[0])

    await store.restart()
    expect((await complete()).ETag).toBe(etags[0])
    expect(
      (await store.s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key: upload.Key })))
        .LastModified,
    ).toEqual(changed.LastModified)
  })

  it("answers a repeated completion after the object was replaced, not after it was deleted", async () => {
    const upload = await begin("mp/again")
    const part = await upload.part(1, LAST)
    const { ETag } = await upload.complete([part])
    const other = await begin("mp/again")
    await other.complete([await other.part(1, FIRST)])
    expect((await upload.complete([part])).ETag).toBe(ETag)
    expect((await bytesOf("mp/again")).equals(FIRST)).toBe(true)
    await expect(upload.complete([await otherPart()])).rejects.toEqual(refusedAs("InvalidPart"))
    await store.s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: "mp/again" }))
    await expect(upload.complete([part])).rejects.toEqual(refusedAs("NoSuchUpload"))

    async function otherPart() {
      return { ...part, ETag: `"${"0".repeat(32)}"` }
    }
  })

  it("never both completes and aborts", async () => {
    for (let round = 0; round < 10; round++) {
      const upload = await begin(`mp/either-${round}`)
      const part = await upload.part(1, LAST)
      const [completed, aborted] = await Promise.allSettled([
        upload.complete([part]),
        upload.abort(),
      ])
      expect([completed.status, aborted.status].sort()).toEqual(["fulfilled", "rejected"])
    }
  })
})

describe("uploads that are open", () => {
  it("are listed by key, in pages, and rolled up", async () => {
    const keys = ["l/a", "l/a", "l/b/1", "l/b/2", "l/c"]
    const open = []
    for (const key of keys) open.push(await begin(key))
    const list = (more = {}) =>
      store.s3.send(new ListMultipartUploadsCommand({ Bucket: BUCKET, Prefix: "l/", ...more }))

    const all = await list()
    expect(all.Uploads?.map(({ Key }) => Key)).toEqual(keys)
    const rolled = await list({ Delimiter: "/" })
    expect(rolled.Uploads?.map(({ Key }) => Key)).toEqual(["l/a", "l/a", "l/c"])
    expect(rolled.CommonPrefixes).toEqual([{ Prefix: "l/b/" }])
    for (const Delimiter of [undefined, "/"]) {
      const seen: (string | undefined)[] = []
      let marker = {}
      for (;;) {
        const page = await list({ MaxUploads: 1, Delimiter, ...marker })
        seen.push(...(page.Uploads ?? []).map(({ UploadId }) => UploadId))
        seen.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix))
        marker = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker }
        if (!page.IsTruncated) break
      }
      expect(new Set(seen).size).toBe(seen.length)
      expect(seen).toHaveLength(Delimiter ? 4 : 5)
    }
    await Promise.all(open.map((upload) => upload.abort()))
  })
})

describe("a part copied from an object", () => {
  it("has the bytes of the range, whether that is a stored part or crosses some", async () => {
    const upload = await begin("mp/copied")
    const copyPart = async (PartNumber: number, CopySourceRange?: string, source = "mp/one") => {
      const { CopyPartResult } = await store.s3.send(
        new UploadPartCopyCommand({
          ...upload,
          PartNumber,
          CopySource: `${BUCKET}/${source}`,
          CopySourceRange,
        }),
      )
      return { PartNumber, ETag: CopyPartResult?.ETag }
    }
    const one = await copyPart(1, `bytes=0-${FIRST.length - 1}`)
    const two = await copyPart(2, `bytes=100-${FIRST.length + SECOND.length + 1}`)
    const three = await copyPart(3)
    expect(one.ETag).toBe(`"${md5(FIRST).toString("hex")}"`)
    expect(three.ETag).toBe(`"${md5(WHOLE).toString("hex")}"`)
    await upload.complete([one, two, three])
    const expected = [FIRST, WHOLE.subarray(100, FIRST.length + SECOND.length + 2), WHOLE]
    expect((await bytesOf("mp/copied")).equals(Buffer.concat(expected))).toBe(true)

    const again = await begin("mp/copied-2")
    await expect(copyPart(1, `bytes=0-${WHOLE.length}`)).rejects.toEqual(refusedAs("NoSuchUpload"))
    await again.abort()
  })

  it("of a range beyond the source is refused as a wrong argument", async () => {
    const upload = await begin("mp/beyond")
    for (const CopySourceRange of [`bytes=0-${WHOLE.length}`, "bytes=99999999-99999999"])
      await expect(
        store.s3.send(
          new UploadPartCopyCommand({
            Bucket: BUCKET,
            Key: upload.Key,
            UploadId: upload.UploadId,
            PartNumber: 1,
            CopySource: `${BUCKET}/mp/one`,
            CopySourceRange,
          }),
        ),
      ).rejects.toEqual(refusedAs("InvalidArgument"))
    await upload.abort()
  })

  it("costs no disk when it is a whole stored file", async () => {
    await store.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: "mp/source", Body: FIRST }))
    const upload = await begin("mp/linked")
    await store.s3.send(
      new UploadPartCopyCommand({ ...upload, PartNumber: 1, CopySource: `${BUCKET}/mp/source` }),
    )
    const directory = join(store.dir, "buckets", BUCKET, "uploads", upload.UploadId)
    const [name = ""] = (await readdir(directory)).filter((file) => file.startsWith("1."))
    expect((await stat(join(directory, name))).nlink).toBe(2)
    await upload.abort()
    expect((await bytesOf("mp/source")).equals(FIRST)).toBe(true)
  })

  it("of an object in parts leaves the copy whole when the source is replaced", async () => {
    await store.s3.send(
      new CopyObjectCommand({ Bucket: BUCKET, Key: "mp/kept", CopySource: `${BUCKET}/mp/one` }),
    )
    await store.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: "mp/one", Body: "replaced" }))
    expect((await bytesOf("mp/kept")).equals(WHOLE)).toBe(true)
  })
})

describe("checksums of parts", () => {
  it.each([
    ["CRC32", "COMPOSITE"],
    ["CRC32", "FULL_OBJECT"],
    ["CRC32C", "FULL_OBJECT"],
    ["CRC64NVME", "FULL_OBJECT"],
    ["SHA256", "COMPOSITE"],
  ] as const)("make the object's: %s, %s", async (algorithm, type) => {
    const Key = `mp/${algorithm}-${type}`
    const upload = await begin(Key, { ChecksumAlgorithm: algorithm, ChecksumType: type })
    const digests = [FIRST, SECOND, LAST].map((bytes) => digestOf(algorithm, bytes))
    const parts = []
    for (const [i, bytes] of [FIRST, SECOND, LAST].entries())
      parts.push(await upload.part(i + 1, bytes, { [`Checksum${algorithm}`]: digests[i] }))
    await expect(upload.part(1, FIRST, { [`Checksum${algorithm}`]: digests[1] })).rejects.toEqual(
      refusedAs("BadDigest"),
    )
    const expected =
      type === "FULL_OBJECT"
        ? digestOf(algorithm, WHOLE)
        : `${digestOf(algorithm, Buffer.concat(digests.map((text) => Buffer.from(text, "base64"))))}-3`
    await expect(upload.complete(parts, { [`Checksum${algorithm}`]: digests[0] })).rejects.toEqual(
      refusedAs("BadDigest"),
    )
    const done = await upload.complete(parts, { [`Checksum${algorithm}`]: expected })
    expect(done).toMatchObject({ [`Checksum${algorithm}`]: expected, ChecksumType: type })
    const head = await store.s3.send(
      new HeadObjectCommand({ Bucket: BUCKET, Key, ChecksumMode: "ENABLED" }),
    )
    expect(head).toMatchObject({ [`Checksum${algorithm}`]: expected, ChecksumType: type })
  })
})

it("shows the checksum of one part", async () => {
  const Key = "mp/part-checksum"
  const upload = await begin(Key, { ChecksumAlgorithm: "SHA256" })
  const parts = []
  for (const [i, bytes] of [FIRST, SECOND, LAST].entries())
    parts.push(await upload.part(i + 1, bytes, { ChecksumSHA256: digestOf("SHA256", bytes) }))
  await upload.complete(parts)
  const second = await store.s3.send(
    new HeadObjectCommand({ Bucket: BUCKET, Key, PartNumber: 2, ChecksumMode: "ENABLED" }),
  )
  expect(second).toMatchObject({
    ChecksumSHA256: digestOf("SHA256", SECOND),
    ChecksumType: "COMPOSITE",
  })
})

describe("the checksum that the completion of an upload states", () => {
  const BODY = Buffer.from("composite")
  const SHA256 = digestOf("SHA256", BODY)
  const COMPOSITE = digestOf("SHA256", Buffer.from(SHA256, "base64"))

  const sha256Upload = async (Key: string) => {
    const upload = await begin(Key, { ChecksumAlgorithm: "SHA256" })
    return { ...upload, first: await upload.part(1, BODY, { ChecksumSHA256: SHA256 }) }
  }

  it.each([COMPOSITE, `${COMPOSITE}-1`])("may be composite with or without -N: %s", async (sum) => {
    const upload = await sha256Upload(`mp/composite-${sum.length}`)
    const done = await upload.complete([upload.first], { ChecksumSHA256: sum })
    expect(done.ChecksumSHA256).toBe(`${COMPOSITE}-1`)
  })

  it("is refused when it contradicts the upload", async () => {
    const upload = await sha256Upload("mp/contradicted")
    const { ChecksumSHA256: _, ...unstated } = upload.first
    for (const [parts, stated, code] of [
      [[unstated], {}, "InvalidRequest"],
      [[{ ...upload.first, ChecksumSHA256: COMPOSITE }], {}, "InvalidPart"],
      [[{ ...upload.first, ChecksumCRC32: "AAAAAA==" }], {}, "InvalidPart"],
      [[upload.first], { ChecksumType: "FULL_OBJECT" }, "InvalidRequest"],
      [[upload.first], { ChecksumSHA256: `${COMPOSITE}-2` }, "BadDigest"],
      [[upload.first], { ChecksumSHA256: SHA256 }, "BadDigest"],
    ] as const)
      await expect(upload.complete([...parts], stated)).rejects.toEqual(refusedAs(code))
    await upload.complete([upload.first], { ChecksumType: "COMPOSITE" })

    const plain = await begin("mp/plain")
    const part = await plain.part(1, BODY)
    for (const stated of [{ ChecksumSHA256: `${COMPOSITE}-1` }, { ChecksumType: "COMPOSITE" }])
      await expect(plain.complete([part], stated)).rejects.toEqual(refusedAs("InvalidRequest"))
    await plain.abort()
  })
})

describe("a presigned part", () => {
  it("is bound to its number and its upload", async () => {
    const upload = await begin("mp/presigned")
    const { Bucket, Key, UploadId } = upload
    const command = new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1 })
    const { pathname, search } = new URL(await getSignedUrl(store.s3, command))
    const signed = pathname + search
    const put = (text: string) => send(store.url, { method: "PUT", target: text, body: "x" })
    expect((await put(signed.replace("partNumber=1", "partNumber=2"))).status).toBe(403)
    expect((await put(signed.replace(/uploadId=./, "uploadId=x"))).status).toBe(403)
    expect((await put(signed)).status).toBe(200)
    await upload.abort()
  })
})

function digestOf(algorithm: Parameters<typeof createDigest>[0], bytes: Buffer) {
  const digest = createDigest(algorithm)
  digest.update(bytes)
  return digest.base64()
}
