import { createHash } from "node:crypto"
import { Readable } from "node:stream"
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3"
import { getSignedUrl } from "@aws-sdk/s3-request-presigner"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { aStore, BUCKET, KEYS, send, sendSigned } from "../testing.ts"
import {
  CHECKSUM_ALGORITHMS,
  checksumHeader,
  combineChecksums,
  createDigest,
  isChecksumAlgorithm,
} from "./checksums.ts"

let store: Awaited<ReturnType<typeof aStore>>
beforeAll(async () => {
  store = await aStore()
})
afterAll(async () => {
  expect(store.errors).toEqual([])
  await store.close()
})

// The check value of each algorithm, for "123456789"; the CRCs from https://reveng.sourceforge.io/crc-catalogue/
const CHECK = {
  CRC32: "cbf43926",
  CRC32C: "e3069283",
  CRC64NVME: "ae8b14860a799888",
  SHA256: "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225",
  MD5: "25f9e794323b453885f5181f1b624d0b",
}

const base64 = (hex: string) => Buffer.from(hex, "hex").toString("base64")
const code = (body: string) => /<Code>(.*)<\/Code>/.exec(body)?.[1]

function put(body: string, headers: Record<string, string>) {
  const all = { "content-length": String(body.length), ...headers }
  return sendSigned(store.url, { method: "PUT", target: `/${BUCKET}/sum`, body, headers: all })
}

describe("a checksum", () => {
  it.each(Object.entries(CHECK))("%s is computed as its catalogue says", (name, hex) => {
    if (!isChecksumAlgorithm(name)) throw new Error(name)
    const digest = createDigest(name)
    for (const piece of ["12", "", "3456789"]) digest.update(Buffer.from(piece))
    expect(digest.base64()).toBe(base64(hex))
  })

  it.each(["CRC32", "CRC32C", "CRC64NVME"] as const)(
    "%s of parts combines to the whole's",
    (name) => {
      const parts = ["", "1", "2345678", "9", ""].map((text) => {
        const digest = createDigest(name)
        digest.update(Buffer.from(text))
        return { value: digest.base64(), size: text.length }
      })
      expect(combineChecksums(name, "FULL_OBJECT", parts).value).toBe(base64(CHECK[name]))
    },
  )

  it.each([...CHECKSUM_ALGORITHMS])("%s is verified, kept and shown on request", async (name) => {
    const digest = createDigest(name)
    digest.update(Buffer.from("right"))
    const header = checksumHeader(name)
    const right = { [header]: digest.base64() }
    expect((await put("right", right)).headers[header]).toBe(digest.base64())
    const mode = { "x-amz-checksum-mode": "ENABLED" }
    const shown = await sendSigned(store.url, { target: `/${BUCKET}/sum`, headers: mode })
    expect(shown.headers[header]).toBe(digest.base64())

    const wrong = await put("wrong", right)
    expect([wrong.status, code(wrong.body)]).toEqual([400, "BadDigest"])
    const malformed = await put("right", { [header]: "AA=" })
    expect([malformed.status, code(malformed.body)]).toEqual([400, "InvalidRequest"])
    expect((await sendSigned(store.url, { target: `/${BUCKET}/sum` })).body).toBe("right")
  })

  it("by Content-MD5 is verified", async () => {
    const md5 = createHash("md5").update("right").digest("base64")
    expect((await put("right", { "content-md5": md5 })).status).toBe(200)
    expect(code((await put("wrong", { "content-md5": md5 })).body)).toBe("BadDigest")
    expect(code((await put("right", { "content-md5": "AAAA" })).body)).toBe("InvalidDigest")
  })

  it("must be announced once, by a known name, and be sent", async () => {
    const crc32 = base64("cbf43926")
    const two = { "x-amz-checksum-crc32": crc32, "x-amz-checksum-crc32c": crc32 }
    expect(code((await put("123456789", two)).body)).toBe("InvalidRequest")
    const missing = { "x-amz-sdk-checksum-algorithm": "CRC32" }
    expect(code((await put("123456789", missing)).body)).toBe("InvalidRequest")
    const unknown = { "x-amz-checksum-xxhash3": crc32 }
    expect(code((await put("123456789", unknown)).body)).toBe("NotImplemented")
  })

  it("of an empty body, hoisted into a presigned PUT, refuses the real body as S3 does", async () => {
    const client = new S3Client({
      endpoint: store.url,
      region: "us-east-1",
      forcePathStyle: true,
      credentials: KEYS,
    })
    const url = new URL(
      await getSignedUrl(client, new PutObjectCommand({ Bucket: BUCKET, Key: "hoisted" })),
    )
    expect(url.search).toContain("x-amz-checksum-crc32=AAAAAA%3D%3D")
    const answer = await send(store.url, {
      method: "PUT",
      target: url.pathname + url.search,
      body: "x",
    })
    expect([answer.status, code(answer.body)]).toEqual([400, "BadDigest"])
  })
})

describe("the AWS SDK with its default integrity protections", () => {
  it.each(["CRC32", "CRC32C", "CRC64NVME", "SHA256"] as const)(
    "stores a stream with a trailing %s and reads it back verified",
    async (ChecksumAlgorithm) => {
      const client = new S3Client({
        endpoint: store.url,
        region: "us-east-1",
        forcePathStyle: true,
        credentials: KEYS,
        requestStreamBufferSize: 64 * 1024,
      })
      const bytes = Buffer.alloc(300_000, "streamed ")
      const object = { Bucket: BUCKET, Key: `sdk-${ChecksumAlgorithm}` }
      await client.send(
        new PutObjectCommand({
          ...object,
          Body: Readable.from(inPieces(bytes)),
          ContentLength: bytes.length,
          ChecksumAlgorithm,
        }),
      )
      const answer = await client.send(new GetObjectCommand({ ...object, ChecksumMode: "ENABLED" }))
      expect(answer[`Checksum${ChecksumAlgorithm}`]).toBeDefined()
      expect(answer.ContentEncoding).toBeUndefined()
      expect(Buffer.from((await answer.Body?.transformToByteArray()) ?? []).equals(bytes)).toBe(
        true,
      )
      client.destroy()
    },
  )
})

function* inPieces(bytes: Buffer) {
  for (let i = 0; i < bytes.length; i += 10_000) yield bytes.subarray(i, i + 10_000)
}
