import { randomBytes } from "node:crypto"
import type { Signer } from "#lib/adapters/configuration/parsers.ts"
import { bucketStatements, policyOf, type Statement } from "#lib/adapters/storage/rights/policy.ts"
import { type Ceph, type Keys, userArn } from "./ceph.ts"

const COLOURS = ["amber", "blue", "green"]

/**
 * Creates users for the app and for colours, and gives a bucket of Ceph exactly the policy that
 * `lapse bucket policy` prints. `without` leaves out one action of the app, such as
 * s3:GetObject, or one statement by its Sid.
 */
export async function restrictBucket(ceph: Ceph, bucket: string, without?: string) {
  const { app, signers, allowAllBut } = await makeUsers(ceph, bucket)
  await allowAllBut(without)
  return { app, signers }
}

type Users = {
  app: Keys
  signers: Signer[]
  /** Sets the policy of the bucket. */
  allowAllBut: (without?: string) => Promise<void>
}

/** Creates users that may do nothing yet. */
export async function makeUsers(ceph: Ceph, bucket: string): Promise<Users> {
  const suffix = randomBytes(4).toString("hex")
  const newUser = async (name: string) => {
    const user = `${name}-${suffix}`
    const keys = { accessKeyId: user, secretAccessKey: randomBytes(16).toString("hex") }
    await ceph.createUser(user, keys)
    return { keys, arn: userArn(user) }
  }
  const app = await newUser("app")
  const signers: (Signer & { arn: string })[] = []
  for (const colour of COLOURS) {
    const { keys, arn } = await newUser(colour)
    signers.push({ colour, ...keys, arn })
  }
  const input = { bucket, app: app.arn, signers, tls: false }
  const { Statement } = policyOf(bucketStatements(input, "ceph"))
  const allowAllBut = (without?: string) =>
    ceph.putBucketPolicy(bucket, {
      Version: "2012-10-17",
      Statement: Statement.flatMap((statement) => lessen(statement, without)),
    })
  const keysOfSigners = signers.map(({ arn: _, ...signer }) => signer)
  return { app: app.keys, signers: keysOfSigners, allowAllBut }
}

function lessen(statement: Statement, without: string | undefined): Record<string, unknown>[] {
  if (statement.Sid === without) return []
  const { Action } = statement
  if (!Array.isArray(Action)) return [statement]
  return [{ ...statement, Action: Action.filter((action) => action !== without) }]
}
