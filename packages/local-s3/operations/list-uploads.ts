import { requireBucket } from "../disk/buckets.ts"
import { rankOf } from "../disk/sorted-map.ts"
import type { Upload, UploadPart } from "../disk/uploads.ts"
import { type Exchange, pageSize, parameter, sendXml } from "../exchange.ts"
import { commonPrefix, keyEncoding, prefixElements } from "../listing.ts"
import { S3Error } from "../s3-error.ts"
import type { Element } from "../xml.ts"
import { OWNER } from "./buckets.ts"
import { checksumElements, requestedUpload } from "./multipart-upload.ts"

const INITIATOR: Element = ["Initiator", OWNER[1]]

/** ListParts. */
export async function listParts(exchange: Exchange) {
  const { bucket, upload } = requestedUpload(exchange)
  const limit = pageSize(exchange, "max-parts")
  const text = parameter(exchange, "part-number-marker") || "0"
  if (!/^\d{1,10}$/.test(text))
    throw new S3Error("InvalidArgument", "Provided part-number-marker not an integer", {
      ArgumentName: "part-number-marker",
      ArgumentValue: text,
    })
  const marker = Number(text)
  const rest = [...upload.parts.values()]
    .filter(({ number }) => number > marker)
    .sort((a, b) => a.number - b.number)
  const page = rest.slice(0, limit)
  const { encode, element } = keyEncoding(exchange)
  sendXml(exchange, [
    "ListPartsResult",
    [
      ["Bucket", bucket.name],
      ["Key", encode(upload.key)],
      ["UploadId", upload.id],
      INITIATOR,
      OWNER,
      ["StorageClass", "STANDARD"],
      ["PartNumberMarker", marker],
      ["NextPartNumberMarker", page.at(-1)?.number ?? 0],
      ["MaxParts", limit],
      ["IsTruncated", limit > 0 && rest.length > page.length],
      ...element,
      ...checksumSettings(upload),
      ...page.map(partElement),
    ],
  ])
}

function partElement({ number, uploadedAt, md5, size, checksum }: UploadPart): Element {
  return [
    "Part",
    [
      ["PartNumber", number],
      ["LastModified", new Date(uploadedAt).toISOString()],
      ["ETag", `"${md5}"`],
      ["Size", size],
      ...checksumElements(checksum),
    ],
  ]
}

function checksumSettings({ checksumAlgorithm, checksumType }: Upload): Element[] {
  if (!checksumAlgorithm || !checksumType) return []
  return [
    ["ChecksumAlgorithm", checksumAlgorithm],
    ["ChecksumType", checksumType],
  ]
}

/** ListMultipartUploads: by key, and the uploads of one key by the time they were started. */
export async function listUploads(exchange: Exchange) {
  const { uploads, name } = requireBucket(exchange.store, exchange.bucketName)
  const prefix = parameter(exchange, "prefix") ?? ""
  const delimiter = parameter(exchange, "delimiter") ?? ""
  const keyMarker = parameter(exchange, "key-marker") ?? ""
  const idMarker = keyMarker === "" ? "" : (parameter(exchange, "upload-id-marker") ?? "")
  const limit = pageSize(exchange, "max-uploads")
  const { encode, element } = keyEncoding(exchange)

  const sorted = [...uploads.values()].sort(byKeyAndTime)
  const marked = uploads.get(idMarker)
  const rest = sorted.filter((upload) => {
    if (!upload.key.startsWith(prefix)) return false
    if (keyMarker === "") return true
    const common = commonPrefix(upload.key, prefix, delimiter)
    if (common !== null && common === keyMarker) return false
    if (upload.key === keyMarker)
      return marked?.key === keyMarker && byKeyAndTime(upload, marked) > 0
    return rankOf(upload.key) > rankOf(keyMarker)
  })
  const groups = groupByPrefix(rest, prefix, delimiter)
  const page = groups.slice(0, limit)
  const last = page.at(-1)
  sendXml(exchange, [
    "ListMultipartUploadsResult",
    [
      ["Bucket", name],
      ["KeyMarker", encode(keyMarker)],
      ["UploadIdMarker", idMarker],
      ["NextKeyMarker", encode(last?.commonPrefix ?? last?.upload.key ?? "")],
      ["NextUploadIdMarker", last && last.commonPrefix === null ? last.upload.id : ""],
      ["Prefix", encode(prefix)],
      ...(delimiter === "" ? [] : [["Delimiter", encode(delimiter)] as const]),
      ["MaxUploads", limit],
      ["IsTruncated", limit > 0 && groups.length > page.length],
      ...element,
      ...page
        .filter((group) => group.commonPrefix === null)
        .map(({ upload }) => uploadElement(upload, encode)),
      ...prefixElements(
        page.map((group) => group.commonPrefix).filter((common) => common !== null),
        encode,
      ),
    ],
  ])
}

function byKeyAndTime(a: Upload, b: Upload) {
  if (a.key !== b.key) return rankOf(a.key) < rankOf(b.key) ? -1 : 1
  return a.initiatedAt - b.initiatedAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}

function groupByPrefix(uploads: Upload[], prefix: string, delimiter: string) {
  const groups: { upload: Upload; commonPrefix: string | null }[] = []
  for (const upload of uploads) {
    const common = commonPrefix(upload.key, prefix, delimiter)
    if (common === null || groups.at(-1)?.commonPrefix !== common)
      groups.push({ upload, commonPrefix: common })
  }
  return groups
}

function uploadElement(upload: Upload, encode: (key: string) => string): Element {
  return [
    "Upload",
    [
      ["Key", encode(upload.key)],
      ["UploadId", upload.id],
      INITIATOR,
      OWNER,
      ["StorageClass", "STANDARD"],
      ["Initiated", new Date(upload.initiatedAt).toISOString()],
      ...checksumSettings(upload),
    ],
  ]
}
