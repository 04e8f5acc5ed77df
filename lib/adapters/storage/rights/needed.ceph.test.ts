import { randomBytes } from "node:crypto"
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3"
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest"
import { openCeph } from "#testing/ceph/ceph.ts"
import { makeUsers } from "#testing/ceph/restrict-bucket.ts"
import { s3ClientFor } from "#testing/store/s3-client.ts"
import { withStorageConfiguration } from "#testing/store/with-storage-settings.ts"
import {
  abortMultipart,
  checkBucket,
  colourObject,
  createMultipart,
  deleteObject,
  headObject,
  listMultiparts,
  listObjects,
  listParts,
  presignOwnGet,
  presignPut,
  probeSigners,
  readAuditHead,
  readColour,
  tryGet,
  writeAuditHead,
} from "../../storage.ts"
import { APP_RIGHTS } from "./app-rights.ts"

// Removes each right that is printed for the app, and expects that an operation of Lapse then
// fails.
const ceph = openCeph(inject("store").cephDirectory)
const admin = s3ClientFor(ceph)
const Bucket = `needed-${randomBytes(8).toString("hex")}`
let users: Awaited<ReturnType<typeof makeUsers>>
beforeAll(async () => {
  await admin.send(new CreateBucketCommand({ Bucket }))
  const VersioningConfiguration = { Status: "Enabled" as const }
  await admin.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }))
  users = await makeUsers(ceph, Bucket)
})
afterAll(() => admin.destroy())

const newKey = () => `o/${randomBytes(20).toString("hex")}`
const now = async () => new Date()

async function upload() {
  const key = newKey()
  const { url, headers } = await presignPut({
    key,
    size: 1,
    contentType: "text/plain",
    signedAt: new Date(),
  })
  const { status } = await fetch(url, { method: "PUT", headers, body: "x" })
  if (status !== 200) throw new Error(`an upload is ${status}`)
  return key
}

async function openUpload() {
  const key = newKey()
  const { uploadId } = await createMultipart(key, { contentType: "a/b", checksums: false })
  return { key, uploadId }
}

/** Ceph lets a user read and tag the user's own objects, whatever a policy says; AWS does not. */
async function objectOfTheOwner() {
  const Key = newKey()
  await admin.send(new PutObjectCommand({ Bucket, Key, Body: "x" }))
  return Key
}

async function uploadOfTheOwner() {
  const key = newKey()
  const { UploadId = "" } = await admin.send(new CreateMultipartUploadCommand({ Bucket, Key: key }))
  return { key, uploadId: UploadId }
}

async function drain(items: AsyncGenerator) {
  for await (const _ of items) return
}

/** The operation of Lapse that needs each right. */
const USES: Record<string, () => Promise<unknown>> = {
  "s3:ListBucket": async () => {
    await checkBucket()
    await headObject(newKey())
    await drain(listObjects("o/"))
  },
  "s3:ListBucketMultipartUploads": () => drain(listMultiparts("o/")),
  "s3:ListBucketVersions": async () => deleteObject(await upload()),
  "s3:GetObject": async () => {
    const status = await tryGet(await presignOwnGet(await objectOfTheOwner(), null, new Date()))
    if (status >= 400) throw new Error(`a download is ${status}`)
  },
  "s3:PutObject": upload,
  "s3:DeleteObject": async () => deleteObject(await upload()),
  "s3:DeleteObjectVersion": async () => deleteObject(await upload()),
  "s3:AbortMultipartUpload": async () => {
    const { key, uploadId } = await openUpload()
    await abortMultipart(key, uploadId)
  },
  "s3:ListMultipartUploadParts": async () => {
    const { key, uploadId } = await uploadOfTheOwner()
    await listParts(key, uploadId)
  },
  "s3:PutObjectTagging": async () => colourObject(await objectOfTheOwner(), "amber"),
  "s3:GetObjectTagging": async () => readColour(await objectOfTheOwner()),
  LapseAppAudit: async () => {
    const stored = await readAuditHead()
    if (!(await writeAuditHead("{}", stored?.etag ?? null))) throw new Error("it was not written")
  },
  LapseSignerAmber: async () => {
    const refused = await probeSigners(now)
    if (refused) throw new Error(refused.code)
  },
  LapseSignerBlue: async () => {
    const refused = await probeSigners(now)
    if (refused) throw new Error(refused.code)
  },
}

describe("a printed right", () => {
  it("is one of the rights that the tests below remove", () => {
    for (const { action } of APP_RIGHTS) expect(Object.keys(USES)).toContain(action)
  })

  it.each(Object.entries(USES))(
    "%s is sufficient with the others, and needed",
    async (right, use) => {
      const { app, signers, allowAllBut } = users
      const setup = { bucket: Bucket, keys: app, signers }

      await allowAllBut()
      await withStorageConfiguration(setup, use)

      await allowAllBut(right)
      await expect(withStorageConfiguration(setup, use)).rejects.toThrow()
    },
  )
})
