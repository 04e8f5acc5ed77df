import type { UploadPart } from "../../disk/store.ts"
import { pageSize, parameter, type RequestContext } from "../../requests/request-context.ts"
import type { Element } from "../../requests/xml.ts"
import { sendXml } from "../../respond.ts"
import { invalidArgument } from "../../s3-error.ts"
import { requestedUpload } from "../multipart-upload.ts"
import { checksumElements, checksumSettingElements, INITIATOR, OWNER } from "../xml-elements.ts"
import { keyEncoding } from "./key-page.ts"

export async function listParts(context: RequestContext) {
  const { bucket, upload } = requestedUpload(context)
  const limit = pageSize(context, "max-parts")
  const text = parameter(context, "part-number-marker") || "0"
  if (!/^\d{1,10}$/.test(text))
    throw invalidArgument("Provided part-number-marker not an integer", "part-number-marker", text)
  const marker = Number(text)
  const rest = [...upload.parts.values()]
    .filter(({ number }) => number > marker)
    .sort((a, b) => a.number - b.number)
  const page = rest.slice(0, limit)
  const { encode, element } = keyEncoding(context)
  sendXml(context, [
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
      ...checksumSettingElements(upload),
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
