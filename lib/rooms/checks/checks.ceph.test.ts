import { randomBytes } from "node:crypto"
import {
  CreateBucketCommand,
  type LifecycleRule,
  ListObjectVersionsCommand,
  PutBucketCorsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
} from "@aws-sdk/client-s3"
import { afterAll, beforeEach, describe, expect, inject, it, vi } from "vitest"
import { configuration } from "#lib/adapters/configuration.ts"
import { db } from "#lib/adapters/database.ts"
import { corsRule } from "#lib/adapters/storage/rights/bucket-rules.ts"
import { runChecks } from "#lib/rooms/checks/run-checks.ts"
import { openCeph, type Policy, userArn } from "#testing/ceph/ceph.ts"
import { restrictBucket } from "#testing/ceph/restrict-bucket.ts"
import { s3ClientFor } from "#testing/store/s3-client.ts"
import {
  type StorageConfiguration,
  withStorageConfiguration,
} from "#testing/store/with-storage-settings.ts"
import type { CheckLine } from "./describe-finding.ts"

// These faults need a store with users, policies, versions and lifecycle rules.
const ceph = openCeph(inject("store").cephDirectory)
const admin = s3ClientFor(ceph)
afterAll(() => admin.destroy())
beforeEach(async () => {
  await db.$executeRaw`UPDATE installation SET checks_running_until = NULL`
})

async function aBucket() {
  const Bucket = `doctor-${randomBytes(8).toString("hex")}`
  await admin.send(new CreateBucketCommand({ Bucket }))
  const CORSConfiguration = { CORSRules: [corsRule(configuration.APP_URL)] }
  await admin.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration }))
  return Bucket
}

/** Makes a bucket with the printed policy, and the app's settings for it. */
async function aRestrictedBucket(without?: string) {
  const bucket = await aBucket()
  const { app, signers } = await restrictBucket(ceph, bucket, without)
  return { bucket, keys: app, signers }
}

async function examine(setup: StorageConfiguration) {
  const { items: findings } = await withStorageConfiguration(setup, () => runChecks())
  return (id: CheckLine["id"]) => findings.find((finding) => finding.id === id)
}

async function aUser(name: string, allow: (arn: string) => Policy["Statement"], bucket: string) {
  const user = `${name}-${randomBytes(4).toString("hex")}`
  const keys = { accessKeyId: user, secretAccessKey: randomBytes(16).toString("hex") }
  await ceph.createUser(user, keys)
  const Statement = allow(userArn(user))
  await ceph.putBucketPolicy(bucket, { Version: "2012-10-17", Statement })
  return keys
}

describe("the doctor on Ceph", () => {
  it("finds no fault with exactly the printed rights", async () => {
    const setup = await aRestrictedBucket()
    const { items: findings } = await withStorageConfiguration(setup, () => runChecks())

    expect(findings.filter(({ state }) => state === "fail")).toEqual([])
    const found = Object.fromEntries(findings.map(({ id, code }) => [id, code]))
    expect(found).toMatchObject({
      colours: "ok",
      signature_age: "ceph",
      lifecycle: "not_readable",
      delete: "ok",
      presigned_urls: "ok",
      audit_head: "ok",
    })
  })

  it("detects that the app's key may not keep the head of the audit log", async () => {
    const found = await examine(await aRestrictedBucket("LapseAppAudit"))

    expect(found("audit_head")).toMatchObject({ state: "warn", code: "refused" })
    expect(found("credentials")).toMatchObject({ state: "ok" })
  })

  it("detects that the app's key may only read", async () => {
    const bucket = await aBucket()
    const Resource = [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`]
    const Action = ["s3:GetObject", "s3:ListBucket"]
    const statement = (arn: string) => [
      { Effect: "Allow", Principal: { AWS: [arn] }, Action, Resource },
    ]
    const keys = await aUser("reader", statement, bucket)

    const found = await examine({ bucket, keys, signers: undefined })

    expect(found("credentials")).toMatchObject({ state: "fail", code: "read_only" })
    expect(found("copy")).toMatchObject({ state: "skipped", code: "unreachable" })
  })

  it("detects signers whose policy has no condition on the tag", async () => {
    const { bucket, keys, signers } = await aRestrictedBucket()
    const Principal = { AWS: signers.map(({ accessKeyId }) => userArn(accessKeyId)) }
    const [Action, Resource] = ["s3:GetObject", [`arn:aws:s3:::${bucket}/o/*`]]
    const careless = { Effect: "Allow", Principal, Action, Resource }
    const app = { ...careless, Principal: { AWS: [userArn(keys.accessKeyId)] }, Action: "s3:*" }
    const everything = [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`]
    await ceph.putBucketPolicy(bucket, {
      Version: "2012-10-17",
      Statement: [careless, { ...app, Resource: everything }],
    })

    const found = await examine({ bucket, keys, signers })

    expect(found("colours")).toMatchObject({ state: "fail", code: "reads_untagged" })
  })

  it("detects a signer that may tag and list", async () => {
    const { bucket, keys, signers } = await aRestrictedBucket()
    const [amber] = signers
    const who = { AWS: [userArn(amber?.accessKeyId ?? "")] }
    const all = { AWS: [userArn(keys.accessKeyId)] }
    const resources = [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`]
    const excess = ["s3:PutObjectTagging", "s3:ListBucket"]
    await ceph.putBucketPolicy(bucket, {
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Principal: who, Action: excess, Resource: resources },
        { Effect: "Allow", Principal: all, Action: "s3:*", Resource: resources },
      ],
    })

    const found = await examine({ bucket, keys, signers })

    expect(found("colours")).toMatchObject({
      state: "fail",
      code: "too_many",
      values: { what: "amber: s3:PutObjectTagging, amber: s3:ListBucket" },
    })
  })

  // On a busy machine Ceph may answer a deletion too late, and the hourly sweep deletes that probe.
  it("detects what a delete leaves in a bucket with versions, and leaves nothing itself if it may delete versions", {
    retry: 1,
  }, async () => {
    const withVersions = async (bucket: string) => {
      const VersioningConfiguration = { Status: "Enabled" as const }
      await admin.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration }))
    }
    const well = await aRestrictedBucket()
    await withVersions(well.bucket)
    const lacking = await aRestrictedBucket("s3:DeleteObjectVersion")
    await withVersions(lacking.bucket)

    const versions = async () => {
      const listed = await admin.send(new ListObjectVersionsCommand({ Bucket: well.bucket }))
      return [...(listed.Versions ?? []), ...(listed.DeleteMarkers ?? [])]
    }

    const found = await withStorageConfiguration(well, async () => {
      const { items } = await runChecks()
      // The object of a failed probe is deleted after the checks have returned.
      await vi.waitFor(async () => expect(await versions()).toEqual([]), { timeout: 20_000 })
      return items
    })

    const { state, code } = found.find(({ id }) => id === "delete") ?? {}
    expect({ state, code }).toEqual({ state: "ok", code: "removed" })
    expect((await examine(lacking))("delete")).toMatchObject({ state: "fail", code: "left" })
  })

  it("reads lifecycle rules if it may: none, the right one, and one that deletes files", async () => {
    const bucket = await aBucket()
    const setRules = (Rules: LifecycleRule[]) =>
      admin.send(
        new PutBucketLifecycleConfigurationCommand({
          Bucket: bucket,
          LifecycleConfiguration: { Rules },
        }),
      )
    const look = async () =>
      (await examine({ bucket, keys: ceph, signers: undefined }))("lifecycle")

    const none = await look()
    expect(none).toMatchObject({ state: "warn", code: "none" })
    const { Rules } = JSON.parse(none?.paste ?? "")
    await setRules(Rules)
    expect(await look()).toMatchObject({ state: "ok", code: "ok" })
    const harmful = {
      ID: "tidy",
      Status: "Enabled",
      Filter: { Prefix: "" },
      Expiration: { Days: 7 },
    }
    await setRules([...Rules, harmful as LifecycleRule])
    expect(await look()).toMatchObject({ state: "fail", code: "harmful", values: { rule: "tidy" } })
  })
})
