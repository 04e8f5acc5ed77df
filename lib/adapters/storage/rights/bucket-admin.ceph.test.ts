import { randomBytes } from "node:crypto"
import {
  CreateBucketCommand,
  GetBucketCorsCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  PutBucketCorsCommand,
  PutBucketLifecycleConfigurationCommand,
} from "@aws-sdk/client-s3"
import { afterAll, beforeEach, describe, expect, inject, it } from "vitest"
import { configuration } from "#lib/adapters/configuration.ts"
import { db } from "#lib/adapters/database.ts"
import { openCeph, userArn } from "#testing/ceph/ceph.ts"
import { runLapse } from "#testing/lapse/run-lapse.ts"
import { s3ClientFor } from "#testing/store/s3-client.ts"

const ceph = openCeph(inject("store").cephDirectory)
const admin = s3ClientFor(ceph)
afterAll(() => admin.destroy())
beforeEach(async () => {
  await db.$executeRaw`UPDATE installation SET checks_running_until = NULL`
})

const COLOURS = ["amber", "blue"]
const FOREIGN = {
  policy: { Sid: "Backup", Effect: "Allow", Action: ["s3:GetObject"] },
  cors: { ID: "shop", AllowedOrigins: ["https://shop.example"], AllowedMethods: ["GET"] },
  lifecycle: {
    ID: "logs",
    Status: "Enabled",
    Filter: { Prefix: "logs/" },
    Expiration: { Days: 9 },
  },
} as const

/** A bucket with other programs' rules, and users for Lapse without any right. */
async function aForeignBucket() {
  const suffix = randomBytes(4).toString("hex")
  const Bucket = `apply-${suffix}`
  await admin.send(new CreateBucketCommand({ Bucket }))
  const newUser = async (name: string) => {
    const keys = {
      accessKeyId: `${name}-${suffix}`,
      secretAccessKey: randomBytes(9).toString("hex"),
    }
    await ceph.createUser(keys.accessKeyId, keys)
    return keys
  }
  const [app, other] = [await newUser("app"), await newUser("backup")]
  const signers = await Promise.all(COLOURS.map(newUser))
  const Principal = { AWS: [userArn(other.accessKeyId)] }
  const Resource = [`arn:aws:s3:::${Bucket}/*`]
  const statement = { ...FOREIGN.policy, Principal, Resource }
  await ceph.putBucketPolicy(Bucket, { Version: "2012-10-17", Statement: [statement] })
  const CORSRules = [{ ...FOREIGN.cors, AllowedOrigins: [...FOREIGN.cors.AllowedOrigins] }].map(
    (rule) => ({ ...rule, AllowedMethods: ["GET"] }),
  )
  await admin.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules } }))
  const Rules = [FOREIGN.lifecycle]
  await admin.send(
    new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }),
  )
  const lapse = (args: string[], keys: { accessKeyId: string; secretAccessKey: string }) =>
    runLapse(
      [
        ...["bucket", ...args, "--for", "ceph", "--app", app.accessKeyId],
        ...signers.flatMap(({ accessKeyId }, n) => ["--signer", `${COLOURS[n]}=${accessKeyId}`]),
      ],
      {
        APP_URL: configuration.APP_URL,
        DATABASE_URL: configuration.DATABASE_URL,
        AUTH_SECRET: configuration.AUTH_SECRET,
        LINK_SECRET: configuration.LINK_SECRET.join(","),
        S3_BUCKET: Bucket,
        S3_ENDPOINT: ceph.endpoint,
        AWS_ACCESS_KEY_ID: app.accessKeyId,
        AWS_SECRET_ACCESS_KEY: app.secretAccessKey,
        S3_SIGNERS: signers
          .map((keys, n) => [COLOURS[n], keys.accessKeyId, keys.secretAccessKey].join(":"))
          .join(","),
        OWNER_ACCESS_KEY_ID: keys.accessKeyId,
        OWNER_SECRET_ACCESS_KEY: keys.secretAccessKey,
      },
    )
  const keys = [ceph, app, ...signers]
  const secrets = [configuration.AUTH_SECRET, ...keys.map((each) => each.secretAccessKey)]
  return { Bucket, app, lapse, secrets }
}

/** The names of the rules and statements of the bucket. */
async function namesIn(Bucket: string) {
  const { Policy = "" } = await admin.send(new GetBucketPolicyCommand({ Bucket }))
  const { CORSRules = [] } = await admin.send(new GetBucketCorsCommand({ Bucket }))
  const { Rules = [] } = await admin.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))
  const { Statement }: { Statement: { Sid: string }[] } = JSON.parse(Policy)
  return {
    policy: Statement.map(({ Sid }) => Sid),
    cors: CORSRules.map(({ ID }) => ID),
    lifecycle: Rules.map(({ ID }) => ID).sort(),
  }
}

const WHOLE = {
  policy: [
    ...["Backup", "LapseAppBucket", "LapseAppObjects", "LapseAppAudit"],
    ...["LapseSignerAmber", "LapseSignerBlue", "LapseTagKeptAmber", "LapseTagKeptBlue"],
  ],
  cors: ["shop", "lapse-pages"],
  lifecycle: ["lapse-stale-parts", "logs"],
}

describe("lapse bucket apply", () => {
  it("adds what Lapse needs beside other programs' rules, runs the doctor, and changes nothing the second time", {
    timeout: 60_000,
  }, async () => {
    const { Bucket, lapse, secrets } = await aForeignBucket()

    const first = await lapse(["apply", "--keys-from", "OWNER", "--yes"], ceph)

    expect(first.said).toContain("Policy: 1 of others stays.")
    expect(first.said).toMatch(/\+ +"Sid": "LapseSignerAmber"/)
    expect(first.said).toContain("Lifecycle: written and read back.")
    expect(first.said).toContain("ok       Signer keys: The signer keys amber, blue")
    expect(first.said).not.toContain("FAILED")
    expect(first.code).toBe(0)
    expect(await namesIn(Bucket)).toEqual(WHOLE)
    for (const secret of secrets) expect(first.said).not.toContain(secret)

    const second = await lapse(["apply", "--keys-from", "OWNER", "--yes"], ceph)
    expect(second.said).toContain("There is nothing to write.")
    expect(await namesIn(Bucket)).toEqual(WHOLE)
  })

  it("says what it could not do with keys that may not do it, and changes nothing", async () => {
    const { Bucket, app, lapse } = await aForeignBucket()

    const { said, code } = await lapse(["apply", "--keys-from", "OWNER", "--yes"], app)

    for (const name of ["Policy", "CORS", "Lifecycle"])
      expect(said).toContain(`${name}: cannot be read (AccessDenied, 403).`)
    expect(code).toBe(2)
    expect((await namesIn(Bucket)).policy).toEqual(["Backup"])
  })

  it("shows the difference and writes nothing without a yes", async () => {
    const { Bucket, lapse } = await aForeignBucket()

    const { said, code } = await lapse(["apply", "--keys-from", "OWNER"], ceph)

    expect(said).toMatch(/\+ +"Sid": "LapseAppObjects"/)
    expect(said).toContain("Run it in a terminal to answer, or add --yes.")
    expect(code).toBe(1)
    expect((await namesIn(Bucket)).policy).toEqual(["Backup"])
  })
})
