import "server-only"
import { createHash, randomBytes } from "node:crypto"
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  type CreateMultipartUploadCommandOutput,
  ListPartsCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  UploadPartCommand,
  type UploadPartCommandInput,
  type UploadPartCommandOutput,
} from "@aws-sdk/client-s3"
import { inBucket, isUnknownUpload, statusOf, storageClient } from "./storage-client.ts"
import { deleteProbe } from "./versions.ts"

/** Whether the store honours `If-None-Match: *` of a PUT; others overwrite, or refuse all. */
export const refusesOverwrite = () =>
  probeOnce("refusesOverwrite", async (key) => {
    const put = () => putProbe(key, { IfNoneMatch: "*" })
    return (await isAccepted(put)) && !(await isAccepted(put))
  })

/** Whether the store compares a PUT's bytes with its `x-amz-checksum-sha256`. */
export const verifiesSha256 = () =>
  probeOnce("verifiesSha256", async (key) => {
    const put = (ChecksumSHA256: string) => () => putProbe(key, { ChecksumSHA256 })
    return (await isAccepted(put(RIGHT))) && !(await isAccepted(put(WRONG)))
  })

/** Whether the store checks a part's `x-amz-checksum-sha256`, and lists the hash afterwards. */
export const verifiesPartSha256 = () => probeOnce("verifiesPartSha256", probeParts)

/** Whether the store honours `If-None-Match: *` of a CompleteMultipartUpload, not just a PUT. */
export const completeRefusesOverwrite = () =>
  probeOnce("completeRefusesOverwrite", async (key) => {
    const complete = () => completeProbe(key)
    return (await isAccepted(complete)) && !(await isAccepted(complete))
  })

/** The maximum number of parts in an S3 upload. */
export const MAX_PARTS = 10_000

/** Returns the maximum number of parts in an upload. Some stores allow fewer than S3. */
export async function maxParts(): Promise<number> {
  if (await takesPart(MAX_PARTS)) return MAX_PARTS
  let [taken, refused] = [1, MAX_PARTS]
  while (refused - taken > 1) {
    const middle = Math.floor((taken + refused) / 2)
    if (await takesPart(middle)) taken = middle
    else refused = middle
  }
  return taken
}

const takesPart = (PartNumber: number) =>
  probeOnce(`part ${PartNumber}`, (key) =>
    withUpload(key, {}, (_upload, put) => isAccepted(() => put({ PartNumber }))),
  )

const MAX_PART_BYTES = 5 * 1024 ** 3

/** Returns the size in bytes of the largest object that can be uploaded in parts. */
export const largestUpload = async () => (await maxParts()) * MAX_PART_BYTES

/**
 * Returns the value of `If-Match` by which a PUT replaces only this object; null if the store does
 * not support that. Ceph compares the ETag without its quotes, and refuses any ETag with quotes.
 */
export async function matchOf(etag: string): Promise<string | null> {
  if (await replacesOn("match", (each) => each)) return etag
  return (await replacesOn("bareMatch", bare)) ? bare(etag) : null
}

const bare = (etag: string) => etag.replaceAll('"', "")

const replacesOn = (name: string, form: (etag: string) => string) =>
  probeOnce(name, async (key) => {
    const { ETag = "" } = await putProbe(key, {})
    const put = (etag: string) => () => putProbe(key, { IfMatch: form(etag) })
    return !(await isAccepted(put(NO_ETAG))) && (await isAccepted(put(ETag)))
  })

/** An ETag that no object has. */
export const NO_ETAG = `"${"0".repeat(32)}"`

/** Whether deleted bytes stay as an older version. */
export const keepsVersions = () =>
  probeOnce("keepsVersions", async (key) => {
    const { VersionId = "null" } = await putProbe(key, {})
    return deleteProbe(key, async () => VersionId !== "null")
  })

const maybeKeepsVersions = () => keepsVersions().catch(() => false)

/** Forgets the results of the probes, so that the next calls probe again. */
export const probeAgain = () => storageClient().capabilities.clear()

export const PROBE_PREFIX = "probe/"

const BODY = new Uint8Array([0])
const RIGHT = createHash("sha256").update(BODY).digest("base64")
const WRONG = createHash("sha256").digest("base64")

/** Probes on the first call and keeps the result. A probe that failed runs again. */
function probeOnce(name: string, probe: (key: string) => Promise<boolean>): Promise<boolean> {
  const { capabilities } = storageClient()
  const known = capabilities.get(name)
  if (known) return known
  const key = newKey(PROBE_PREFIX)
  const answer = cleaningUp(
    () => probe(key),
    () => deleteProbe(key, name === "keepsVersions" ? undefined : maybeKeepsVersions),
  ).catch((error) => {
    capabilities.delete(name)
    throw error
  })
  capabilities.set(name, answer)
  return answer
}

/** Runs `work` on a new object with these bytes, and deletes it afterwards. */
export function withProbe<Result>(
  prefix: string,
  Body: string,
  work: (key: string) => Promise<Result>,
): Promise<Result> {
  const key = newKey(prefix)
  return cleaningUp(
    () => putProbe(key, { Body }).then(() => work(key)),
    () => deleteProbe(key).catch(() => {}),
  )
}

const newKey = (prefix: string) => `${prefix}${randomBytes(16).toString("hex")}`

const putProbe = (key: string, extra: Partial<PutObjectCommandInput>) =>
  storageClient().s3.send(new PutObjectCommand({ ...inBucket(key), Body: BODY, ...extra }))

const probeParts = (key: string) =>
  withUpload(key, { ChecksumAlgorithm: "SHA256" }, async (upload, put) => {
    if (upload.ChecksumAlgorithm !== "SHA256") return false
    if (await isAccepted(() => put({ ChecksumSHA256: WRONG }))) return false
    if (!(await isAccepted(() => put({ ChecksumSHA256: RIGHT })))) return false
    const { Parts } = await storageClient().s3.send(new ListPartsCommand(upload))
    return Parts?.[0]?.ChecksumSHA256 === RIGHT
  })

const completeProbe = (key: string) =>
  withUpload(key, {}, async (upload, put) => {
    const { ETag } = await put()
    await storageClient().s3.send(
      new CompleteMultipartUploadCommand({
        ...upload,
        IfNoneMatch: "*",
        MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] },
      }),
    )
  })

type ProbedUpload = { Bucket: string; Key: string; UploadId: string | undefined } & Pick<
  CreateMultipartUploadCommandOutput,
  "ChecksumAlgorithm"
>
type PutPart = (extra?: Partial<UploadPartCommandInput>) => Promise<UploadPartCommandOutput>

/** Runs a probe on a multipart upload of one part and aborts the upload afterwards. */
async function withUpload<Result>(
  key: string,
  extra: Partial<CreateMultipartUploadCommandInput>,
  probe: (upload: ProbedUpload, put: PutPart) => Promise<Result>,
): Promise<Result> {
  const { s3 } = storageClient()
  const { UploadId, ChecksumAlgorithm } = await s3.send(
    new CreateMultipartUploadCommand({ ...inBucket(key), ...extra }),
  )
  const upload = { ...inBucket(key), UploadId }
  const put: PutPart = (extra) =>
    s3.send(new UploadPartCommand({ ...upload, PartNumber: 1, Body: BODY, ...extra }))
  return cleaningUp(
    () => probe({ ...upload, ChecksumAlgorithm }, put),
    async () => {
      await s3.send(new AbortMultipartUploadCommand(upload)).catch((error) => {
        if (!isUnknownUpload(error)) throw error
      })
    },
  )
}

/**
 * Runs a probe and removes its objects, whatever its result. After a failure it does not wait for
 * the removal, because a store that did not answer the probe will not answer that either.
 * sweep-probes.ts removes the rest.
 */
async function cleaningUp<Result>(
  probe: () => Promise<Result>,
  clean: () => Promise<unknown>,
): Promise<Result> {
  try {
    const result = await probe()
    await clean()
    return result
  } catch (error) {
    clean().catch(() => {})
    throw error
  }
}

const UNSUPPORTED_OR_REFUSED = [400, 409, 412, 501]

async function isAccepted(put: () => Promise<unknown>) {
  try {
    await put()
    return true
  } catch (error) {
    if (UNSUPPORTED_OR_REFUSED.includes(statusOf(error) ?? 0)) return false
    throw error
  }
}
