import {
  createBucket,
  getBucketCors,
  getBucketLocation,
  getBucketVersioning,
  headBucket,
  listBuckets,
  putBucketCors,
} from "./operations/bucket-operations.ts"
import { copyObject } from "./operations/copy-object.ts"
import { deleteObject, deleteObjects } from "./operations/delete-objects.ts"
import { getObject } from "./operations/get-object.ts"
import { listMultipartUploads } from "./operations/listing/list-multipart-uploads.ts"
import { listObjects } from "./operations/listing/list-objects.ts"
import { listParts } from "./operations/listing/list-parts.ts"
import {
  abortMultipartUpload,
  completeMultipartUpload,
  createMultipartUpload,
} from "./operations/multipart-upload.ts"
import {
  deleteObjectTagging,
  getObjectTagging,
  putObjectTagging,
} from "./operations/object-tagging.ts"
import { putObject } from "./operations/put-object.ts"
import { uploadPart } from "./operations/upload-part.ts"
import { headerValue, type RequestContext, type Resource } from "./requests/request-context.ts"
import { SUBRESOURCES } from "./requests/subresources.ts"
import type { Query } from "./requests/uri.ts"
import { S3Error } from "./s3-error.ts"

type Operation = (context: RequestContext) => Promise<void>

const SERVICE = new Map<string, Operation>(Object.entries({ GET: listBuckets }))

const BUCKET = new Map<string, Operation>(
  Object.entries({
    GET: listObjects,
    PUT: createBucket,
    HEAD: headBucket,
    "GET ?location": getBucketLocation,
    "GET ?versioning": getBucketVersioning,
    "GET ?cors": getBucketCors,
    "PUT ?cors": putBucketCors,
    "POST ?delete": deleteObjects,
    "GET ?uploads": listMultipartUploads,
  }),
)

const OBJECT = new Map<string, Operation>(
  Object.entries({
    GET: getObject,
    HEAD: getObject,
    PUT: putOrCopyObject,
    DELETE: deleteObject,
    "POST ?uploads": createMultipartUpload,
    "PUT ?uploadId": uploadPart,
    "GET ?uploadId": listParts,
    "POST ?uploadId": completeMultipartUpload,
    "DELETE ?uploadId": abortMultipartUpload,
    "GET ?tagging": getObjectTagging,
    "PUT ?tagging": putObjectTagging,
    "DELETE ?tagging": deleteObjectTagging,
  }),
)

function putOrCopyObject(context: RequestContext) {
  const isCopy = headerValue(context, "x-amz-copy-source") !== undefined
  return isCopy ? copyObject(context) : putObject(context)
}

/** Finds the operation of a request. Refuses with NotImplemented or MethodNotAllowed. */
export function findOperation(method: string, resource: Resource, query: Query): Operation {
  const { bucketName, key } = resource
  if (bucketName === "") return requireOperation(SERVICE.get(method), method)
  const names = new Set(query.map(([name]) => name))
  const [subresource, another] = SUBRESOURCES.filter((name) => names.has(name))
  if (another) throw new S3Error("InvalidArgument", "Conflicting query string parameters")
  const version = query.find(([name]) => name === "versionId")
  if (version && version[1] !== "null") throw new S3Error("NoSuchVersion")

  const table = key === "" ? BUCKET : OBJECT
  if (subresource === undefined) return requireOperation(table.get(method), method)
  const operation = table.get(`${method} ?${subresource}`)
  if (operation) return operation
  const known = [...table.keys()].some((name) => name.endsWith(` ?${subresource}`))
  if (known) return requireOperation(undefined, method)
  throw new S3Error("NotImplemented", undefined, { Parameter: subresource })
}

function requireOperation(operation: Operation | undefined, method: string) {
  if (operation) return operation
  throw new S3Error("MethodNotAllowed", undefined, { Method: method })
}
