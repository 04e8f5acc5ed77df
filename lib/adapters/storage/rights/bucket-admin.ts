import "server-only"
import {
  type CORSRule,
  GetBucketCorsCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  type LifecycleRule,
  PutBucketCorsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  S3Client,
  type TransitionDefaultMinimumObjectSize,
} from "@aws-sdk/client-s3"
import { withDeadline } from "#lib/adapters/storage/calls/deadline.ts"
import { isUnsupported, reasonOf } from "#lib/adapters/storage/calls/reason-of.ts"
import { isStoreError } from "../storage-client.ts"
import { CORS_RULE_ID, STALE_PARTS_RULE_ID } from "./bucket-rules.ts"
import { type Merge, mergeItems, same } from "./merge.ts"
import { isOwnStatement, type Policy, type Statement } from "./policy.ts"

type Items = { policy: Statement; cors: CORSRule; lifecycle: LifecycleRule }

export type Place = keyof Items

/** The wanted items of each part. A part that is left out is not changed. */
export type Wanted = { [Name in Place]?: Items[Name][] }

export type Change = {
  place: Place
  /** Why it could not be read or written, or how it differs from the written items; or null. */
  refusal: string | null
  merge: Merge<unknown> | null
}

/** The refusal by a store that does not support such rules. */
export const NONE = "this store has none"

export type AdminInput = {
  bucket: string
  region: string
  endpoint: string | undefined
  forcePathStyle: boolean
  /** A key that may change the bucket, which the app's key may not. */
  credentials:
    | { accessKeyId: string; secretAccessKey: string; sessionToken?: string }
    | { profile: string }
}

type Found<Item> = { items: Item[]; write: (items: Item[]) => Promise<unknown> }

type PartAccess<Name extends Place> = {
  read: (client: S3Client, Bucket: string) => Promise<Found<Items[Name]>>
  isOwn: (item: Items[Name]) => boolean
}

/** How each part is read and written. Whatever surrounds the items is written back unchanged. */
const ACCESS: { [Name in Place]: PartAccess<Name> } = {
  policy: { read: readPolicy, isOwn: isOwnStatement },
  cors: { read: readCors, isOwn: ({ ID }) => ID === CORS_RULE_ID },
  lifecycle: { read: readLifecycle, isOwn: ({ ID }) => ID === STALE_PARTS_RULE_ID },
}

async function readPolicy(client: S3Client, Bucket: string): Promise<Found<Statement>> {
  const { Policy: text = "{}" } = await client
    .send(new GetBucketPolicyCommand({ Bucket }))
    .catch((error: unknown) => emptyIf(error, "NoSuchBucketPolicy"))
  const { Statement = [], ...rest }: Partial<Policy> = JSON.parse(text)
  return {
    items: [Statement].flat(), // a single statement may have no list
    write: (Statement) => {
      const policy: Policy = { Version: "2012-10-17", ...rest, Statement }
      return client.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify(policy) }))
    },
  }
}

async function readCors(client: S3Client, Bucket: string): Promise<Found<CORSRule>> {
  const { CORSRules = [] } = await client
    .send(new GetBucketCorsCommand({ Bucket }))
    .catch((error: unknown) => emptyIf(error, "NoSuchCORSConfiguration"))
  return {
    items: CORSRules,
    write: (CORSRules) =>
      client.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules } })),
  }
}

async function readLifecycle(client: S3Client, Bucket: string): Promise<Found<LifecycleRule>> {
  const { Rules, TransitionDefaultMinimumObjectSize: size } = await client
    .send(new GetBucketLifecycleConfigurationCommand({ Bucket }))
    .catch((error: unknown) => emptyIf(error, "NoSuchLifecycleConfiguration"))
  if (!Rules) throw new Error(NONE) // OpenStack Swift answers with a list of the objects
  return {
    items: Rules,
    write: (Rules) =>
      client.send(
        new PutBucketLifecycleConfigurationCommand({
          Bucket,
          LifecycleConfiguration: { Rules },
          ...(size ? { TransitionDefaultMinimumObjectSize: size } : {}),
        }),
      ),
  }
}

type Empty = {
  Policy?: string
  CORSRules?: CORSRule[]
  Rules?: LifecycleRule[]
  TransitionDefaultMinimumObjectSize?: TransitionDefaultMinimumObjectSize
}

function emptyIf(error: unknown, code: string): Empty {
  if (isStoreError(error, code)) return { Rules: [] }
  throw error
}

/** Reads and changes a bucket's policy, CORS rules and lifecycle rules. */
export function openBucketAdmin({
  bucket,
  region,
  endpoint,
  forcePathStyle,
  credentials,
}: AdminInput) {
  const keys = "profile" in credentials ? credentials : { credentials }
  const client = withDeadline(
    new S3Client({ region, forcePathStyle, ...(endpoint ? { endpoint } : {}), ...keys }),
  )

  async function changeOne<Name extends Place>(
    place: Name,
    wanted: Items[Name][],
    writes: boolean,
  ): Promise<Change> {
    const { read, isOwn } = ACCESS[place]
    let merge: Merge<Items[Name]> | null = null
    try {
      const { items, write } = await read(client, bucket)
      merge = mergeItems(items, wanted, isOwn)
      if (!writes || !merge.isChanged) return { place, refusal: null, merge }
      await write(merge.merged)
      const { items: now } = await read(client, bucket)
      const refusal = same(now, merge.merged) ? null : "it reads otherwise than it was written"
      return { place, refusal, merge }
    } catch (error) {
      return { place, refusal: isUnsupported(error) ? NONE : reasonOf(error), merge }
    }
  }

  const each = async (wanted: Wanted, writes: boolean) => {
    const { policy, cors, lifecycle } = wanted
    return [
      ...(policy ? [await changeOne("policy", policy, writes)] : []),
      ...(cors ? [await changeOne("cors", cors, writes)] : []),
      ...(lifecycle ? [await changeOne("lifecycle", lifecycle, writes)] : []),
    ]
  }

  return {
    /** Returns what would change, and writes nothing. */
    plan: (wanted: Wanted) => each(wanted, false),
    /** Reads again, merges, writes, and verifies. Rules and statements of other programs stay. */
    apply: (wanted: Wanted) => each(wanted, true),
    close: () => client.destroy(),
  }
}
