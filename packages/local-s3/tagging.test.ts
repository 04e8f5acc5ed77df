import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectTaggingCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  PutObjectTaggingCommand,
  type Tag,
  UploadPartCommand,
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

const at = (Key: string) => ({ Bucket: BUCKET, Key })
const put = (Key: string, more: Partial<PutObjectCommandInput> = {}) =>
  store.s3.send(new PutObjectCommand({ ...at(Key), Body: "body", ...more }))
const setTags = (Key: string, TagSet: Tag[]) =>
  store.s3.send(new PutObjectTaggingCommand({ ...at(Key), Tagging: { TagSet } }))
const tagsOf = async (Key: string) =>
  (await store.s3.send(new GetObjectTaggingCommand(at(Key)))).TagSet
const head = (Key: string) => store.s3.send(new HeadObjectCommand(at(Key)))
const refusedAs = (name: string) => expect.objectContaining({ name })

const A = { Key: "a", Value: "1" }
const SPECIAL = { Key: "ключ +-=._:/@", Value: "värde 2" }

describe("the tags of an object", () => {
  it("are set, replaced and removed without touching the object, also over a restart", async () => {
    const { ETag } = await put("one")
    const { LastModified } = await head("one")
    expect(await tagsOf("one")).toEqual([])
    await setTags("one", [A, { Key: "b", Value: "" }])
    await store.restart()
    expect(await tagsOf("one")).toEqual([A, { Key: "b", Value: "" }])
    expect(await head("one")).toMatchObject({ ETag, LastModified, TagCount: 2 })
    await setTags("one", [SPECIAL])
    await store.restart()
    expect(await tagsOf("one")).toEqual([SPECIAL])
    await store.s3.send(new DeleteObjectTaggingCommand(at("one")))
    await store.restart()
    expect(await tagsOf("one")).toEqual([])
    expect((await head("one")).TagCount).toBeUndefined()
  })

  it("are set by an upload, whole or in parts, and removed when it is replaced", async () => {
    await put("with", { Tagging: "a=1&%D0%BA%D0%BB%D1%8E%D1%87+%2B-%3D._:/@=v%C3%A4rde%202" })
    expect(await tagsOf("with")).toEqual([A, SPECIAL])
    await put("with")
    expect(await tagsOf("with")).toEqual([])

    const { UploadId } = await store.s3.send(
      new CreateMultipartUploadCommand({ ...at("parts"), Tagging: "a=1" }),
    )
    const part = { ...at("parts"), UploadId, PartNumber: 1 }
    const { ETag } = await store.s3.send(new UploadPartCommand({ ...part, Body: "x" }))
    await store.restart()
    await store.s3.send(
      new CompleteMultipartUploadCommand({
        ...at("parts"),
        UploadId,
        MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] },
      }),
    )
    expect(await tagsOf("parts")).toEqual([A])
  })

  it("are copied with the object, or replaced by those of the copy request", async () => {
    await put("source", { Tagging: "a=1" })
    const copy = (more: object) =>
      store.s3.send(
        new CopyObjectCommand({ ...at("copy"), CopySource: `${BUCKET}/source`, ...more }),
      )
    await copy({})
    expect(await tagsOf("copy")).toEqual([A])
    await copy({ TaggingDirective: "REPLACE", Tagging: "b=2" })
    expect(await tagsOf("copy")).toEqual([{ Key: "b", Value: "2" }])
    await copy({ TaggingDirective: "REPLACE" })
    expect(await tagsOf("copy")).toEqual([])
    await expect(copy({ Tagging: "b=2" })).rejects.toEqual(refusedAs("InvalidRequest"))
    await expect(copy({ TaggingDirective: "KEEP" })).rejects.toEqual(refusedAs("InvalidArgument"))
  })

  it("keep S3's limits, and a refusal changes nothing", async () => {
    await put("limits", { Tagging: "a=1" })
    const most = Array.from({ length: 10 }, (_, i) => ({
      Key: `${i}`.padEnd(128, "k"),
      Value: "v".repeat(256),
    }))
    await setTags("limits", most)
    for (const tags of [
      [...most, A],
      [{ Key: "k".repeat(129), Value: "" }],
      [{ Key: "", Value: "" }],
      [{ Key: "k", Value: "v".repeat(257) }],
      [A, A],
      [{ Key: "k", Value: "a;b" }],
      [{ Key: "aws:k", Value: "" }],
    ])
      await expect(setTags("limits", tags)).rejects.toEqual(refusedAs("InvalidTag"))
    for (const Tagging of ["a=1&a=2", "a=b=c", "a=%ff"])
      await expect(put("limits", { Tagging })).rejects.toEqual(refusedAs("InvalidArgument"))
    await expect(put("limits", { Tagging: "a=%3B" })).rejects.toEqual(refusedAs("InvalidTag"))
    const headers = { "content-length": "10", "content-md5": "m+FPhFNxAn6rnvEcGJsJaw==" }
    for (const body of ["<Tagging/>", "<a></a>xxx"])
      expect(
        (
          await sendSigned(store.url, {
            method: "PUT",
            target: `/${BUCKET}/limits?tagging`,
            body,
            headers,
          })
        ).status,
      ).toBe(400)
    expect(await tagsOf("limits")).toEqual(most)
  })

  it("do not exist for a missing object", async () => {
    await expect(tagsOf("none")).rejects.toEqual(refusedAs("NoSuchKey"))
    await expect(setTags("none", [A])).rejects.toEqual(refusedAs("NoSuchKey"))
    await expect(store.s3.send(new DeleteObjectTaggingCommand(at("none")))).rejects.toEqual(
      refusedAs("NoSuchKey"),
    )
  })

  it("never bring back an object that is replaced or deleted at the same time", async () => {
    for (let round = 0; round < 20; round++) {
      await put("raced", { Body: "old" })
      const [, { ETag }] = await Promise.all([
        setTags("raced", [A]),
        put("raced", { Body: `new ${round}` }),
        setTags("raced", [SPECIAL]),
      ])
      expect((await head("raced")).ETag).toBe(ETag)
    }
    await store.restart()
    expect((await head("raced")).ContentLength).toBe("new 19".length)
  })
})
