import { corsElement, parseCors } from "../access/cors.ts"
import { receiveXml } from "../body/request-body.ts"
import { addBucket, replaceCors } from "../disk/buckets.ts"
import { requireBucket } from "../disk/store.ts"
import { pageSize, parameter, type RequestContext } from "../requests/request-context.ts"
import { childText, type Element } from "../requests/xml.ts"
import { sendEmpty, sendXml } from "../respond.ts"
import { S3Error } from "../s3-error.ts"
import { OWNER, optional } from "./xml-elements.ts"

const MAX_BUCKETS = 10_000

/** Lists buckets by name, in pages if requested. */
export async function listBuckets(context: RequestContext) {
  const prefix = parameter(context, "prefix") ?? ""
  const after = parameter(context, "continuation-token") ?? ""
  const limit = pageSize(context, "max-buckets", MAX_BUCKETS)
  if (limit === 0) throw new S3Error("InvalidArgument", "max-buckets must be at least 1")
  const rest = [...context.store.buckets.values()]
    .filter(({ name }) => name.startsWith(prefix) && name > after)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  const page = rest.slice(0, limit)
  const last = page.at(-1)
  const token = last && rest.length > page.length ? last.name : undefined
  const buckets = page.map(
    ({ name, createdAt }): Element => [
      "Bucket",
      [
        ["Name", name],
        ["CreationDate", new Date(createdAt).toISOString()],
      ],
    ],
  )
  sendXml(context, [
    "ListAllMyBucketsResult",
    [
      OWNER,
      ["Buckets", buckets],
      ...optional("ContinuationToken", token),
      ...optional("Prefix", prefix || undefined),
    ],
  ])
}

/** Refuses a name that S3 does not allow, and a location constraint for another region. */
export async function createBucket(context: RequestContext) {
  const { bucketName, request, response } = context
  if (!isValidBucketName(bucketName))
    throw new S3Error("InvalidBucketName", undefined, { BucketName: bucketName })
  if (request.headers["content-length"] !== "0" && hasBody(context)) {
    const root = await receiveXml(context, "CreateBucketConfiguration")
    const unsupported = root.children.find(({ name }) => name !== "LocationConstraint")
    if (unsupported) throw new S3Error("NotImplemented", undefined, { Element: unsupported.name })
    const constraint = childText(root, "LocationConstraint")
    if (constraint !== undefined && constraint !== "" && constraint !== context.region)
      throw new S3Error("IllegalLocationConstraintException")
  }
  await addBucket(context.store, bucketName, context.now())
  response.setHeader("Location", `/${bucketName}`)
  sendEmpty(context, 200)
}

function hasBody({ request }: RequestContext) {
  return (
    request.headers["content-length"] !== undefined ||
    request.headers["transfer-encoding"] !== undefined
  )
}

/** Checks a name by https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
function isValidBucketName(name: string) {
  return (
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
    !/\.\.|\.-|-\./.test(name) &&
    !/^\d+\.\d+\.\d+\.\d+$/.test(name) &&
    !/^(xn--|sthree-|amzn-s3-demo-)/.test(name) &&
    !/(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(name)
  )
}

export async function headBucket(context: RequestContext) {
  requireBucket(context.store, context.bucketName)
  context.response.setHeader("x-amz-bucket-region", context.region)
  context.response.setHeader("Content-Type", "application/xml")
  sendEmpty(context, 200)
}

/** Answers GetBucketLocation; S3 answers an empty name for us-east-1. */
export async function getBucketLocation(context: RequestContext) {
  requireBucket(context.store, context.bucketName)
  sendXml(context, ["LocationConstraint", context.region === "us-east-1" ? "" : context.region])
}

/** Answers GetBucketVersioning with an empty configuration, because there is no versioning. */
export async function getBucketVersioning(context: RequestContext) {
  requireBucket(context.store, context.bucketName)
  sendXml(context, ["VersioningConfiguration", []])
}

export async function getBucketCors(context: RequestContext) {
  const { cors } = requireBucket(context.store, context.bucketName)
  if (cors.length === 0)
    throw new S3Error("NoSuchCORSConfiguration", undefined, { BucketName: context.bucketName })
  sendXml(context, corsElement(cors))
}

export async function putBucketCors(context: RequestContext) {
  requireBucket(context.store, context.bucketName)
  const rules = parseCors(await receiveXml(context, "CORSConfiguration", "required"))
  await replaceCors(context.store, context.bucketName, rules)
  sendEmpty(context, 200)
}
