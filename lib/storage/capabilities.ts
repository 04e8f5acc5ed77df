import "server-only"
import { createHash, randomBytes } from "node:crypto"
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  type CreateMultipartUploadCommandOutput,
  DeleteObjectCommand,
  ListPartsCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  UploadPartCommand,
  type UploadPartCommandOutput,
} from "@aws-sdk/client-s3"
import { at, door, isUnknownUpload, statusOf } from "./client.ts"

/** Whether the store honours `If-None-Match: *`: stores that do not know it overwrite, or refuse every such PUT. */
export const refusesOverwrite = () =>
  findOut("refusesOverwrite", async (key) => {
    const put = () => putProbe(key, { IfNoneMatch: "*" })
    return (await isAccepted(put)) && !(await isAccepted(put))
  })

/** Whether the store compares a PUT's bytes with its `x-amz-checksum-sha256`. */
export const verifiesSha256 = () =>
  findOut("verifiesSha256", async (key) => {
    const put = (ChecksumSHA256: string) => () => putProbe(key, { ChecksumSHA256 })
    return (await isAccepted(put(RIGHT))) && !(await isAccepted(put(WRONG)))
  })

/** Whether the store compares parts with their `x-amz-checksum-sha256`, and lists it afterwards. */
export const verifiesPartSha256 = () => findOut("verifiesPartSha256", probeParts)

/** Whether the store honours `If-None-Match: *` when parts are put together; some honour it of a PUT alone. */
export const completesOnce = () =>
  findOut("completesOnce", async (key) => {
    const complete = () => completeProbe(key)
    return (await isAccepted(complete)) && !(await isAccepted(complete))
  })

const BODY = new Uint8Array([0])
const RIGHT = createHash("sha256").update(BODY).digest("base64")
const WRONG = createHash("sha256").digest("base64")

/** Asks once, at the first need; a probe that failed is made again. */
function findOut(name: string, probe: (key: string) => Promise<boolean>): Promise<boolean> {
  const { control, facts } = door()
  const known = facts.get(name)
  if (known) return known
  const key = `probe/${randomBytes(16).toString("hex")}`
  const asked = probe(key)
    .finally(() => control.send(new DeleteObjectCommand(at(key))))
    .catch((error) => {
      facts.delete(name)
      throw error
    })
  facts.set(name, asked)
  return asked
}

const putProbe = (key: string, extra: Partial<PutObjectCommandInput>) =>
  door().control.send(new PutObjectCommand({ ...at(key), Body: BODY, ...extra }))

const probeParts = (key: string) =>
  withUpload(key, { ChecksumAlgorithm: "SHA256" }, async (upload, put) => {
    if (upload.ChecksumAlgorithm !== "SHA256") return false
    if (await isAccepted(() => put(WRONG))) return false
    if (!(await isAccepted(() => put(RIGHT)))) return false
    const { Parts } = await door().control.send(new ListPartsCommand(upload))
    return Parts?.[0]?.ChecksumSHA256 === RIGHT
  })

const completeProbe = (key: string) =>
  withUpload(key, {}, async (upload, put) => {
    const { ETag } = await put()
    await door().control.send(
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
type PutPart = (ChecksumSHA256?: string) => Promise<UploadPartCommandOutput>

/** An upload of one part that is gone afterwards. */
async function withUpload<Result>(
  key: string,
  extra: Partial<CreateMultipartUploadCommandInput>,
  probe: (upload: ProbedUpload, put: PutPart) => Promise<Result>,
): Promise<Result> {
  const { control } = door()
  const { UploadId, ChecksumAlgorithm } = await control.send(
    new CreateMultipartUploadCommand({ ...at(key), ...extra }),
  )
  const upload = { ...at(key), UploadId }
  const put = (ChecksumSHA256?: string) =>
    control.send(new UploadPartCommand({ ...upload, PartNumber: 1, Body: BODY, ChecksumSHA256 }))
  try {
    return await probe({ ...upload, ChecksumAlgorithm }, put)
  } finally {
    await control.send(new AbortMultipartUploadCommand(upload)).catch((error) => {
      if (!isUnknownUpload(error)) throw error
    })
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
