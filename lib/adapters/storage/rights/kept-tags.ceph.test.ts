import { randomBytes } from "node:crypto"
import {
  CreateBucketCommand,
  DeleteObjectTaggingCommand,
  GetObjectTaggingCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from "@aws-sdk/client-s3"
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest"
import { openCeph } from "#testing/ceph/ceph.ts"
import { restrictBucket } from "#testing/ceph/restrict-bucket.ts"
import { s3ClientFor } from "#testing/store/s3-client.ts"

const ceph = openCeph(inject("store").cephDirectory)
const admin = s3ClientFor(ceph)
const suffix = randomBytes(8).toString("hex")
const Bucket = `kept-${suffix}`
let app: ReturnType<typeof s3ClientFor>
let scanner: ReturnType<typeof s3ClientFor>

beforeAll(async () => {
  await admin.send(new CreateBucketCommand({ Bucket }))
  const keys = {
    accessKeyId: `scanner-${suffix}`,
    secretAccessKey: randomBytes(16).toString("hex"),
  }
  await ceph.createUser(keys.accessKeyId, keys, {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: ["s3:*"], Resource: [`arn:aws:s3:::${Bucket}/*`] }],
  })
  scanner = s3ClientFor({ ...ceph, ...keys })
  app = s3ClientFor({ ...ceph, ...(await restrictBucket(ceph, Bucket)).app })
})
afterAll(() => {
  for (const client of [admin, app, scanner]) client.destroy()
})

async function anObject(colour?: string) {
  const object = { Bucket, Key: `o/${randomBytes(20).toString("hex")}` }
  await app.send(new PutObjectCommand({ ...object, Body: "x" }))
  if (colour) await tag(app, object, colour)
  return object
}

type Tagged = Awaited<ReturnType<typeof anObject>>

const tag = (client: typeof app, object: Tagged, Value: string) =>
  client.send(
    new PutObjectTaggingCommand({ ...object, Tagging: { TagSet: [{ Key: "signer", Value }] } }),
  )

const refused = { name: "AccessDenied" }

describe("the printed policy of the bucket", () => {
  it("keeps a program that may do everything from changing or removing a colour", async () => {
    const object = await anObject("amber")

    await expect(tag(scanner, object, "blue")).rejects.toMatchObject(refused)
    await expect(scanner.send(new DeleteObjectTaggingCommand(object))).rejects.toMatchObject(
      refused,
    )

    await tag(app, object, "blue")
    await expect(tag(scanner, object, "amber")).rejects.toMatchObject(refused)
    const { TagSet } = await app.send(new GetObjectTaggingCommand(object))
    expect(TagSet).toEqual([{ Key: "signer", Value: "blue" }])
  })

  it("lets it tag objects that have no colour", async () => {
    await tag(scanner, await anObject(), "clean")
  })
})
