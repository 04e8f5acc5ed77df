import { rankOf } from "../../disk/sorted-map.ts"
import { requireBucket, type Upload } from "../../disk/store.ts"
import { pageSize, parameter, type RequestContext } from "../../requests/request-context.ts"
import type { Element } from "../../requests/xml.ts"
import { sendXml } from "../../respond.ts"
import { checksumSettingElements, commonPrefixElements, INITIATOR, OWNER } from "../xml-elements.ts"
import { commonPrefix, keyEncoding } from "./key-page.ts"

/** Lists uploads by key, then by their creation time. */
export async function listMultipartUploads(context: RequestContext) {
  const { uploads, name } = requireBucket(context.store, context.bucketName)
  const prefix = parameter(context, "prefix") ?? ""
  const delimiter = parameter(context, "delimiter") ?? ""
  const keyMarker = parameter(context, "key-marker") ?? ""
  const idMarker = keyMarker === "" ? "" : (parameter(context, "upload-id-marker") ?? "")
  const limit = pageSize(context, "max-uploads")
  const { encode, element } = keyEncoding(context)

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
  sendXml(context, [
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
      ...commonPrefixElements(
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
      ...checksumSettingElements(upload),
    ],
  ]
}
