import { createHash } from "node:crypto"
import { readdir } from "node:fs/promises"
import { join } from "node:path"
import { setTimeout as wait } from "node:timers/promises"
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { aClient, aDirectory, aStoreProcess, BUCKET } from "./testing.ts"

const ROUNDS = 200

const KEYS = ["a", "b", "c", "parts", "copy", "brief", "tagged"]

let place: Awaited<ReturnType<typeof aDirectory>>
beforeAll(async () => {
  place = await aDirectory()
})
afterAll(() => place.remove())

describe.runIf(process.env.HEAVY)("kill -9 in the middle of writes", () => {
  it("leaves the old object or the new, every acknowledged write, and no leftovers", async () => {
    const known = new Map<string, number>()
    let store = await aStoreProcess(place.dir)
    await aClient(store.url).send(new CreateBucketCommand({ Bucket: BUCKET }))
    await aClient(store.url).send(
      new PutObjectCommand({ Bucket: BUCKET, Key: "tagged", Body: content(1), Tagging: "round=0" }),
    )
    let knownTag = 0

    for (let round = 1; round <= ROUNDS; round++) {
      const s3 = aClient(store.url)
      const acknowledged = new Map<string, number>()
      const writers = Promise.allSettled([
        ...["a", "b", "c"].map((key) => overwrite(s3, key, round, acknowledged)),
        uploadInParts(s3, "parts", round, acknowledged),
        copyOver(s3, "a", "copy"),
        comeAndGo(s3, "brief"),
        retag(s3, "tagged", round, acknowledged),
      ])
      await wait(20 + ((round * 37) % 150))
      await store.end("SIGKILL")
      await writers
      s3.destroy()

      store = await aStoreProcess(place.dir)
      const after = aClient(store.url)
      for (const key of KEYS) {
        const version = await readWhole(after, key)
        const least = acknowledged.get(key) ?? known.get(key) ?? 0
        expect([key, (version ?? 0) >= least]).toEqual([key, true])
        if (version !== null) known.set(key, version)
      }
      const tag = await tagOf(after, "tagged")
      expect(tag).toBeGreaterThanOrEqual(acknowledged.get("tags of tagged") ?? knownTag)
      knownTag = tag
      await checkUploads(after)
      expect(await readdir(join(place.dir, "tmp"))).toEqual([])
      expect(await blobs()).toHaveLength(await objectsWithBytes(after))
      after.destroy()
    }
    await store.end("SIGTERM")
  }, 1_200_000)
})

/** Content that states its version, so that a mix of two versions is detected. */
function content(version: number) {
  return Buffer.alloc(200_000 + (version % 7) * 50_000, `version ${version};`)
}

async function overwrite(
  s3: S3Client,
  Key: string,
  round: number,
  acknowledged: Map<string, number>,
) {
  for (let i = 0; ; i++) {
    const version = round * 1000 + i
    await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: content(version) }))
    acknowledged.set(Key, version)
  }
}

async function uploadInParts(
  s3: S3Client,
  Key: string,
  round: number,
  acknowledged: Map<string, number>,
) {
  for (let i = 0; ; i++) {
    const version = round * 1000 + i
    const object = { Bucket: BUCKET, Key }
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand(object))
    const part = { ...object, UploadId, PartNumber: 1 }
    await s3.send(new UploadPartCommand({ ...part, Body: content(1) }))
    const { ETag } = await s3.send(new UploadPartCommand({ ...part, Body: content(version) }))
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] }
    await s3.send(new CompleteMultipartUploadCommand({ ...object, UploadId, MultipartUpload }))
    acknowledged.set(Key, version)
  }
}

async function copyOver(s3: S3Client, from: string, Key: string) {
  for (;;) {
    const copy = { Bucket: BUCKET, Key, CopySource: `${BUCKET}/${from}` }
    await s3.send(new CopyObjectCommand(copy)).catch((error: Error) => {
      if (error.name !== "NoSuchKey") throw error
    })
  }
}

async function comeAndGo(s3: S3Client, Key: string) {
  for (;;) {
    await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: content(0) }))
    await s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key }))
  }
}

async function retag(s3: S3Client, Key: string, round: number, acknowledged: Map<string, number>) {
  for (let i = 0; ; i++) {
    const tag = round * 1000 + i
    const Tagging = { TagSet: [{ Key: "round", Value: String(tag) }] }
    await s3.send(new PutObjectTaggingCommand({ Bucket: BUCKET, Key, Tagging }))
    acknowledged.set(`tags of ${Key}`, tag)
  }
}

async function tagOf(s3: S3Client, Key: string) {
  const { TagSet } = await s3.send(new GetObjectTaggingCommand({ Bucket: BUCKET, Key }))
  return Number(TagSet?.[0]?.Value)
}

/** Returns the version of an object after checking that it is complete; null if there is none. */
async function readWhole(s3: S3Client, Key: string) {
  try {
    const { Body, ETag, ContentLength } = await s3.send(
      new GetObjectCommand({ Bucket: BUCKET, Key }),
    )
    const bytes = Buffer.from((await Body?.transformToByteArray()) ?? [])
    const version = Number(/^version (\d+);/.exec(bytes.toString("latin1", 0, 30))?.[1])
    expect(bytes.length).toBe(ContentLength)
    expect(bytes.equals(content(version))).toBe(true)
    const md5 = createHash("md5").update(bytes).digest()
    const ofParts = `"${createHash("md5").update(md5).digest("hex")}-1"`
    expect([`"${md5.toString("hex")}"`, ofParts]).toContain(ETag)
    return version
  } catch (error) {
    if (error instanceof Error && error.name === "NoSuchKey") return null
    throw error
  }
}

/** Checks that every open upload can still be listed and completed. */
async function checkUploads(s3: S3Client) {
  const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket: BUCKET }))
  for (const { Key, UploadId } of Uploads) {
    const upload = { Bucket: BUCKET, Key: Key ?? "", UploadId: UploadId ?? "" }
    const { Parts = [] } = await s3.send(new ListPartsCommand(upload))
    expect(Parts.length).toBeLessThanOrEqual(1)
  }
}

async function blobs() {
  const shards = await readdir(join(place.dir, "blobs"))
  const names = await Promise.all(shards.map((shard) => readdir(join(place.dir, "blobs", shard))))
  return names.flat()
}

async function objectsWithBytes(s3: S3Client) {
  const found = await Promise.all(KEYS.map((key) => readWhole(s3, key)))
  return found.filter((version) => version !== null).length
}
