import { receiveXml } from "../body.ts"
import { corsElement, parseCors } from "../cors.ts"
import { createBucket, deleteBucket, requireBucket, setCors } from "../disk/buckets.ts"
import { type Exchange, sendEmpty, sendXml } from "../exchange.ts"
import { S3Error } from "../s3-error.ts"
import { childText, type Element } from "../xml.ts"

/** Who owns everything here: the one access key. */
export const OWNER: Element = [
  "Owner",
  [
    ["ID", "local"],
    ["DisplayName", "local"],
  ],
]

export async function listBuckets(exchange: Exchange) {
  const buckets = [...exchange.store.buckets.values()]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(
      ({ name, createdAt }): Element => [
        "Bucket",
        [
          ["Name", name],
          ["CreationDate", new Date(createdAt).toISOString()],
        ],
      ],
    )
  sendXml(exchange, ["ListAllMyBucketsResult", [OWNER, ["Buckets", buckets]]])
}

/** CreateBucket. Refuses names S3 would not take, and a location constraint for another region. */
export async function putBucket(exchange: Exchange) {
  const { bucketName, request, response } = exchange
  if (!isLegalBucketName(bucketName))
    throw new S3Error("InvalidBucketName", undefined, { BucketName: bucketName })
  if (request.headers["content-length"] !== "0" && hasBody(exchange)) {
    const root = await receiveXml(exchange, "CreateBucketConfiguration")
    const constraint = childText(root, "LocationConstraint")
    if (constraint !== undefined && constraint !== "" && constraint !== exchange.region)
      throw new S3Error("IllegalLocationConstraintException")
  }
  await createBucket(exchange.store, bucketName, exchange.now())
  response.setHeader("Location", `/${bucketName}`)
  sendEmpty(exchange, 200)
}

function hasBody({ request }: Exchange) {
  return (
    request.headers["content-length"] !== undefined ||
    request.headers["transfer-encoding"] !== undefined
  )
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
function isLegalBucketName(name: string) {
  return (
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
    !name.includes("..") &&
    !/^\d+\.\d+\.\d+\.\d+$/.test(name) &&
    !/^(xn--|sthree-|amzn-s3-demo-)/.test(name) &&
    !/(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(name)
  )
}

export async function headBucket(exchange: Exchange) {
  requireBucket(exchange.store, exchange.bucketName)
  exchange.response.setHeader("x-amz-bucket-region", exchange.region)
  exchange.response.setHeader("Content-Type", "application/xml")
  sendEmpty(exchange, 200)
}

export async function removeBucket(exchange: Exchange) {
  await deleteBucket(exchange.store, exchange.bucketName)
  sendEmpty(exchange, 204)
}

/** GetBucketLocation: S3 calls us-east-1 by the empty name. */
export async function getLocation(exchange: Exchange) {
  requireBucket(exchange.store, exchange.bucketName)
  sendXml(exchange, ["LocationConstraint", exchange.region === "us-east-1" ? "" : exchange.region])
}

/** GetBucketVersioning: never switched on. */
export async function getVersioning(exchange: Exchange) {
  requireBucket(exchange.store, exchange.bucketName)
  sendXml(exchange, ["VersioningConfiguration", []])
}

export async function getBucketCors(exchange: Exchange) {
  const { cors } = requireBucket(exchange.store, exchange.bucketName)
  if (cors.length === 0)
    throw new S3Error("NoSuchCORSConfiguration", undefined, { BucketName: exchange.bucketName })
  sendXml(exchange, corsElement(cors))
}

export async function putBucketCors(exchange: Exchange) {
  requireBucket(exchange.store, exchange.bucketName)
  const rules = parseCors(await receiveXml(exchange, "CORSConfiguration", "required"))
  await setCors(exchange.store, exchange.bucketName, rules)
  sendEmpty(exchange, 200)
}

export async function deleteBucketCors(exchange: Exchange) {
  requireBucket(exchange.store, exchange.bucketName)
  await setCors(exchange.store, exchange.bucketName, [])
  sendEmpty(exchange, 204)
}
