import "server-only"
import {
  DeleteObjectCommand,
  DeleteObjectTaggingCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type S3Client,
} from "@aws-sdk/client-s3"
import type { Signer } from "#lib/adapters/configuration/parsers.ts"
import { configuration } from "#lib/adapters/configuration.ts"
import { type Found, json } from "#lib/adapters/findings/finding.ts"
import { isUnsupported } from "#lib/adapters/storage/calls/reason-of.ts"
import { type Probe, SIGNED_PREFIX } from "#lib/adapters/storage/doctor/probe.ts"
import { policyOf, signerStatement } from "#lib/adapters/storage/rights/policy.ts"
import { clientOf, inBucket, statusOf } from "#lib/adapters/storage/storage-client.ts"
import { colourObject, SIGNER_TAG } from "#lib/adapters/storage/tags.ts"

export const PROPOSED_COLOURS = ["amber", "blue", "green"]

const policy = (colours: string[]) =>
  json(policyOf(colours.map((colour) => signerStatement(configuration.S3_BUCKET, colour))))

/** Checks that each colour's key may read the objects of its colour, and nothing else. */
export async function checkColours(probe: Probe): Promise<Found<"colours">> {
  const signers = configuration.S3_SIGNERS ?? []
  const colours = signers.map(({ colour }) => colour)
  if (!(await hasTags(probe))) return { state: "warn", code: "no_tags" }
  if (colours.length === 0) return { state: "warn", code: "none", paste: policy(PROPOSED_COLOURS) }
  const paste = policy(colours)
  const excess = (await Promise.all(signers.map((signer) => excessOf(probe, signer)))).flat()
  if (excess.length > 0)
    return { state: "fail", code: "too_many", values: { what: excess.join(", ") }, paste }
  const refused = await probe.probeColours()
  if (refused === null) return { state: "ok", code: "ok", values: { colours: colours.join(", ") } }
  return { state: "fail", ...refused, paste }
}

async function hasTags(probe: Probe) {
  const { key } = await probe.put(SIGNED_PREFIX)
  try {
    await colourObject(key, "probe")
    return true
  } catch (error) {
    if (isUnsupported(error)) return false
    throw error
  }
}

/** The rights of a colour's key besides reading, each as "amber: s3:ListBucket". */
async function excessOf(probe: Probe, { colour, ...key }: Signer): Promise<string[]> {
  const client = clientOf(key)
  try {
    const object = await probe.put(SIGNED_PREFIX)
    const deleted = await probe.put(SIGNED_PREFIX)
    for (const { key } of [object, deleted]) await colourObject(key, colour)
    const keys = { object: object.key, deleted: deleted.key, created: probe.newKey(SIGNED_PREFIX) }
    const excess: string[] = []
    for (const [action, attempt] of Object.entries(attempts(client, colour, keys))) {
      if (await isAllowed(attempt)) excess.push(`${colour}: ${action}`)
    }
    return excess
  } finally {
    client.destroy()
  }
}

type Keys = { object: string; deleted: string; created: string }

function attempts(client: S3Client, colour: string, keys: Keys) {
  const object = inBucket(keys.object)
  const Tagging = { TagSet: [{ Key: SIGNER_TAG, Value: colour }] }
  const { Bucket } = object
  return {
    "s3:PutObjectTagging": () => client.send(new PutObjectTaggingCommand({ ...object, Tagging })),
    "s3:GetObjectTagging": () => client.send(new GetObjectTaggingCommand(object)),
    "s3:ListBucket": () => client.send(new ListObjectsV2Command({ Bucket, MaxKeys: 1 })),
    "s3:ListBucketVersions": () =>
      client.send(new ListObjectVersionsCommand({ Bucket, MaxKeys: 1 })),
    "s3:GetObjectVersion": () =>
      client.send(new GetObjectCommand({ ...object, VersionId: "null" })),
    "s3:PutObject": () =>
      client.send(new PutObjectCommand({ ...inBucket(keys.created), Body: "x" })),
    "s3:DeleteObject": () => client.send(new DeleteObjectCommand(inBucket(keys.deleted))),
    "s3:DeleteObjectTagging": () => client.send(new DeleteObjectTaggingCommand(object)),
  }
}

/** Statuses that count as refused, including answers of a store that does not support the call. */
const REFUSALS = [400, 401, 403, 404, 405, 501]

async function isAllowed(attempt: () => Promise<unknown>) {
  try {
    await attempt()
    return true
  } catch (error) {
    if (REFUSALS.includes(statusOf(error) ?? 0)) return false
    throw error
  }
}
