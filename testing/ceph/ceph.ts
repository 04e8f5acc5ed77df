import { readFileSync, writeFileSync } from "node:fs"
import path from "node:path"
import { PutBucketPolicyCommand } from "@aws-sdk/client-s3"
import { s3ClientFor } from "#testing/store/s3-client.ts"
import { runCeph, startCephCluster } from "./ceph-cluster.ts"

export type Keys = { accessKeyId: string; secretAccessKey: string }

/** A policy of a bucket or of a user, in the language of AWS. */
export type Policy = { Version: "2012-10-17"; Statement: Record<string, unknown>[] }

const ADMIN: Keys = {
  accessKeyId: "lapse-test-access",
  secretAccessKey: "lapse-test-secret-key-of-some-length",
}

/** A Ceph on RADOS, a second and strict store for tests. The keys are its admin's. */
export type Ceph = Keys & {
  endpoint: string
  /** The directory with which another process opens it. */
  directory: string
  /**
   * Creates a user with these keys. The user cannot create buckets, and reads and writes only as
   * its policy or a bucket's policy allows.
   */
  createUser: (name: string, keys: Keys, policy?: Policy) => Promise<void>
  /** Sets the policy of an admin's bucket. Its principals are `userArn(name)`. */
  putBucketPolicy: (bucket: string, policy: Policy) => Promise<void>
}

export type StartedCeph = Ceph & { stop: () => Promise<void> }

/**
 * Starts an empty Ceph, which ends with this process. Needs the programs that find-ceph.ts looks
 * for.
 */
export async function startCeph(): Promise<StartedCeph> {
  const { directory, endpoint, stop } = await startCephCluster((directory) =>
    radosgwAdmin(directory, "user", "create", ...user("lapse", ADMIN), `--caps=${ADMIN_CAPS}`),
  )
  writeFileSync(endpointFile(directory), endpoint)
  return { ...openCeph(directory), stop }
}

/** The Ceph of this test run, which LAPSE_TEST_CEPH names, or else one of this process. */
export async function cephOfThisRun(): Promise<StartedCeph> {
  const directory = process.env.LAPSE_TEST_CEPH
  return directory ? { ...openCeph(directory), stop: async () => {} } : startCeph()
}

/** Opens the Ceph that another process started in this directory. */
export function openCeph(directory: string | undefined): Ceph {
  if (!directory) throw new Error("There is no Ceph in this run: use `npm test -- ceph`.")
  const store = { endpoint: readFileSync(endpointFile(directory), "utf8"), ...ADMIN }
  return {
    ...store,
    directory,
    createUser: async (name, keys, policy) => {
      await radosgwAdmin(directory, "user", "create", ...user(name, keys), "--max-buckets=-1")
      if (policy) await putUserPolicy(store, name, policy)
    },
    putBucketPolicy: async (Bucket, policy) => {
      const client = s3ClientFor(store)
      await client.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify(policy) }))
      client.destroy()
    },
  }
}

/** The name of a user in policies. */
export const userArn = (name: string) => `arn:aws:iam:::user/${name}`

const endpointFile = (directory: string) => path.join(directory, "endpoint")

const ADMIN_CAPS = "users=*;user-policy=*;roles=*"

const user = (name: string, { accessKeyId, secretAccessKey }: Keys) => [
  `--uid=${name}`,
  `--display-name=${name}`,
  `--access-key=${accessKeyId}`,
  `--secret-key=${secretAccessKey}`,
]

const radosgwAdmin = (directory: string, ...args: string[]) =>
  runCeph(directory, "radosgw-admin", args)

/** Calls PutUserPolicy of AWS's IAM, which the gateway answers at its own address. */
async function putUserPolicy(store: Keys & { endpoint: string }, name: string, policy: Policy) {
  const form = new URLSearchParams({
    Action: "PutUserPolicy",
    UserName: name,
    PolicyName: "tests",
    PolicyDocument: JSON.stringify(policy),
  })
  const { protocol, hostname, host, port } = new URL(store.endpoint)
  const client = s3ClientFor(store)
  const signer = await client.config.signer()
  const { method, headers, body } = await signer.sign({
    method: "POST",
    protocol,
    hostname,
    port: Number(port),
    path: "/",
    query: {},
    headers: { host, "content-type": "application/x-www-form-urlencoded" },
    body: form.toString(),
  })
  client.destroy()
  const answer = await fetch(store.endpoint, { method, headers, body })
  if (!answer.ok) throw new Error(`Ceph refused the policy of ${name}: ${await answer.text()}`)
}
