import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  PutBucketCorsCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3"
import { getSignedUrl } from "@aws-sdk/s3-request-presigner"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { aStore, BUCKET } from "./testing.ts"

let store: Awaited<ReturnType<typeof aStore>>
beforeAll(async () => {
  store = await aStore()
})
afterAll(async () => {
  expect(store.errors).toEqual([])
  await store.close()
})

describe("an object", () => {
  it("comes back as it was put, with its type and metadata, also after a restart", async () => {
    const { s3 } = store
    const Key = "a/ü b+c"
    await s3.send(
      new PutObjectCommand({
        Bucket: BUCKET,
        Key,
        Body: "hello",
        ContentType: "text/plain",
        Metadata: { colour: "red" },
      }),
    )
    await store.restart()

    const got = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }))

    expect(await got.Body?.transformToString()).toBe("hello")
    expect(got.ContentType).toBe("text/plain")
    expect(got.Metadata).toEqual({ colour: "red" })
    expect(got.ETag).toBe('"5d41402abc4b2a76b9719d911017c592"')
    const head = await s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key }))
    expect(head.ContentLength).toBe(5)
    await s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key }))
    await expect(s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }))).rejects.toMatchObject({
      name: "NoSuchKey",
    })
  })

  it("is reached by presigned PUT and GET, and with CORS by a page of the allowed origin", async () => {
    const { s3 } = store
    await s3.send(
      new PutBucketCorsCommand({
        Bucket: BUCKET,
        CORSConfiguration: {
          CORSRules: [
            {
              AllowedOrigins: ["http://localhost:3000"],
              AllowedMethods: ["GET", "PUT", "HEAD"],
              AllowedHeaders: ["content-type", "x-amz-*"],
              ExposeHeaders: ["ETag"],
            },
          ],
        },
      }),
    )
    const put = await getSignedUrl(
      s3,
      new PutObjectCommand({ Bucket: BUCKET, Key: "p", ContentLength: 3, IfNoneMatch: "*" }),
      { expiresIn: 60, unhoistableHeaders: new Set(["if-none-match"]) },
    )
    const origin = { Origin: "http://localhost:3000" }
    const send = () =>
      fetch(put, { method: "PUT", body: "abc", headers: { ...origin, "If-None-Match": "*" } })
    expect((await send()).status).toBe(200)
    expect((await send()).status).toBe(412)

    const get = await getSignedUrl(s3, new GetObjectCommand({ Bucket: BUCKET, Key: "p" }), {
      expiresIn: 60,
    })
    const response = await fetch(get, { headers: origin })
    expect(await response.text()).toBe("abc")
    expect(response.headers.get("access-control-allow-origin")).toBe("http://localhost:3000")
    const head = await fetch(get, { method: "HEAD", headers: origin })
    expect(head.status).toBe(403)
    expect(head.headers.get("access-control-allow-origin")).toBe("http://localhost:3000")
  })
})

describe("a bucket", () => {
  it("can be made once, looked at, and removed when empty", async () => {
    const { s3 } = store
    const Bucket = "another.bucket"
    await s3.send(new CreateBucketCommand({ Bucket }))
    await s3.send(new HeadBucketCommand({ Bucket }))
    await expect(s3.send(new CreateBucketCommand({ Bucket }))).rejects.toMatchObject({
      name: "BucketAlreadyOwnedByYou",
    })
    await s3.send(new PutObjectCommand({ Bucket, Key: "x", Body: "" }))
    await expect(s3.send(new DeleteBucketCommand({ Bucket }))).rejects.toMatchObject({
      name: "BucketNotEmpty",
    })
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "x" }))
    await s3.send(new DeleteBucketCommand({ Bucket }))
    await expect(s3.send(new HeadBucketCommand({ Bucket }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 404 },
    })
  })
})
