import { randomBytes } from "node:crypto"
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3"
import { afterAll, describe, expect, inject, it } from "vitest"
import { openCeph } from "#testing/ceph/ceph.ts"
import { restrictBucket } from "#testing/ceph/restrict-bucket.ts"
import { s3ClientFor } from "#testing/store/s3-client.ts"
import { withStorageConfiguration } from "#testing/store/with-storage-settings.ts"
import { deleteObject } from "../storage.ts"

const ceph = openCeph(inject("store").cephDirectory)
const admin = s3ClientFor(ceph)
afterAll(() => admin.destroy())

/** A bucket that keeps versions, and the settings of an app with the printed rights for it. */
async function aBucketWithVersions() {
  const Bucket = `versions-${randomBytes(8).toString("hex")}`
  await admin.send(new CreateBucketCommand({ Bucket }))
  const VersioningConfiguration = { Status: "Enabled" as const }
  await admin.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }))
  const { app, signers } = await restrictBucket(ceph, Bucket, process.env.LAPSE_TEST_RIGHTS)
  const object = { Bucket, Key: `o/${randomBytes(20).toString("hex")}` }
  for (const Body of ["first", "second"])
    await admin.send(new PutObjectCommand({ ...object, Body }))
  const versions = async () => {
    const { Versions = [], DeleteMarkers = [] } = await admin.send(
      new ListObjectVersionsCommand({ Bucket, Prefix: "o/" }),
    )
    return Versions.length + DeleteMarkers.length
  }
  return { object, versions, setup: { bucket: Bucket, keys: app, signers } }
}

describe("a delete in a bucket that keeps versions", () => {
  it("leaves no version", async () => {
    const { object, versions, setup } = await aBucketWithVersions()
    expect(await versions()).toBe(2)

    await withStorageConfiguration(setup, () => deleteObject(object.Key))

    expect(await versions()).toBe(0)
  })

  it("leaves none either if the process died during an earlier delete", async () => {
    const { object, versions, setup } = await aBucketWithVersions()
    await admin.send(new DeleteObjectCommand(object))
    expect(await versions()).toBe(3)

    await withStorageConfiguration(setup, () => deleteObject(object.Key))

    expect(await versions()).toBe(0)
  })
})
