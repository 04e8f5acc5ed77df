import { type Exchange, headerValue } from "./exchange.ts"
import {
  deleteBucketCors,
  getBucketCors,
  getLocation,
  getVersioning,
  headBucket,
  listBuckets,
  putBucket,
  putBucketCors,
  removeBucket,
} from "./operations/buckets.ts"
import { copyObject } from "./operations/copy-object.ts"
import { deleteObject, deleteObjects } from "./operations/delete-objects.ts"
import { listObjects } from "./operations/list-objects.ts"
import { listParts, listUploads } from "./operations/list-uploads.ts"
import { dropUpload, finishUpload, startUpload } from "./operations/multipart-upload.ts"
import { putObject } from "./operations/put-object.ts"
import { readObject } from "./operations/read-object.ts"
import { uploadPart } from "./operations/upload-part.ts"
import { S3Error } from "./s3-error.ts"
import type { Query } from "./uri.ts"

type Operation = (exchange: Exchange) => Promise<void>

const SERVICE: Record<string, Operation> = { GET: listBuckets }

const BUCKET: Record<string, Operation> = {
  GET: listObjects,
  PUT: putBucket,
  HEAD: headBucket,
  DELETE: removeBucket,
  "GET ?location": getLocation,
  "GET ?versioning": getVersioning,
  "GET ?cors": getBucketCors,
  "PUT ?cors": putBucketCors,
  "DELETE ?cors": deleteBucketCors,
  "POST ?delete": deleteObjects,
  "GET ?uploads": listUploads,
}

const OBJECT: Record<string, Operation> = {
  GET: readObject,
  HEAD: readObject,
  PUT: putOrCopyObject,
  DELETE: deleteObject,
  "POST ?uploads": startUpload,
  "PUT ?uploadId": uploadPart,
  "GET ?uploadId": listParts,
  "POST ?uploadId": finishUpload,
  "DELETE ?uploadId": dropUpload,
}

function putOrCopyObject(exchange: Exchange) {
  const isCopy = headerValue(exchange, "x-amz-copy-source") !== undefined
  return isCopy ? copyObject(exchange) : putObject(exchange)
}

// Parameters that make another operation of a request. One that is not in the tables above must be
// refused: PUT ?tagging taken for PUT would replace the object by its tags.
const SUBRESOURCES =
  "accelerate acl analytics append attributes cors delete encryption intelligent-tiering inventory legal-hold lifecycle location logging metadataConfiguration metadataInventoryTable metadataJournalTable metadataTable metrics notification object-lock ownershipControls policy policyStatus publicAccessBlock renameObject replication requestPayment restore retention select session tagging torrent uploadId uploads versioning versions website".split(
    " ",
  )

/** Which operation a request asks for. Refuses with NotImplemented or MethodNotAllowed. */
export function findOperation(method: string, address: Address, query: Query): Operation {
  const { bucketName, key } = address
  if (bucketName === "") return require(SERVICE[method], method)
  const names = new Set(query.map(([name]) => name))
  const [subresource, another] = SUBRESOURCES.filter((name) => names.has(name))
  if (another) throw new S3Error("InvalidArgument", "Conflicting query string parameters")
  const version = query.find(([name]) => name === "versionId")
  if (version && version[1] !== "null") throw new S3Error("NoSuchVersion")

  const table = key === "" ? BUCKET : OBJECT
  if (subresource === undefined) return require(table[method], method)
  const operation = table[`${method} ?${subresource}`]
  if (operation) return operation
  const known = Object.keys(table).some((name) => name.endsWith(` ?${subresource}`))
  if (known) return require(undefined, method)
  throw new S3Error("NotImplemented", undefined, { Parameter: subresource })
}

type Address = { bucketName: string; key: string }

function require(operation: Operation | undefined, method: string) {
  if (operation) return operation
  throw new S3Error("MethodNotAllowed", undefined, { Method: method })
}
