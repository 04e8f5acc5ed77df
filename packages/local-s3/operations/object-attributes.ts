import { requireObject, type StoredObject } from "../disk/store.ts"
import { headerValue, type RequestContext } from "../requests/request-context.ts"
import type { Element } from "../requests/xml.ts"
import { sendXml } from "../respond.ts"
import { S3Error } from "../s3-error.ts"
import { checksumElements } from "./xml-elements.ts"

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html

const NAMES = ["ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"]
const MAX_PARTS = 1000

/** Answers the attributes that x-amz-object-attributes lists, with one page of the parts. */
export async function getObjectAttributes(context: RequestContext) {
  const object = requireObject(context.store, context.bucketName, context.key)
  const wanted = (headerValue(context, "x-amz-object-attributes") ?? "")
    .split(",")
    .map((name) => name.trim())
  const unknown = wanted.find((name) => !NAMES.includes(name))
  if (unknown !== undefined)
    throw new S3Error("InvalidArgument", "Invalid attribute name specified.", {
      ArgumentName: "x-amz-object-attributes",
      ArgumentValue: unknown,
    })
  const elements: Element[] = [
    ["ETag", object.etag],
    ["Checksum", checksumOf(object)],
    ["ObjectParts", object.parts ? partsPage(context, object.parts) : []],
    ["StorageClass", "STANDARD"],
    ["ObjectSize", object.size],
  ]
  context.response.setHeader("Last-Modified", new Date(object.lastModified).toUTCString())
  const isThere = ([, content]: Element) => !Array.isArray(content) || content.length > 0
  sendXml(context, [
    "GetObjectAttributesResponse",
    elements.filter((element) => wanted.includes(element[0]) && isThere(element)),
  ])
}

function checksumOf({ checksum }: StoredObject): Element[] {
  if (!checksum) return []
  return [...checksumElements(checksum), ["ChecksumType", checksum.type ?? "FULL_OBJECT"]]
}

function partsPage(context: RequestContext, parts: NonNullable<StoredObject["parts"]>) {
  const limit = Math.min(wholeNumber(context, "x-amz-max-parts", MAX_PARTS), MAX_PARTS)
  const marker = wholeNumber(context, "x-amz-part-number-marker", 0)
  const page = parts
    .map((part, index) => ({ ...part, number: index + 1 }))
    .slice(marker, marker + limit)
  const elements: Element[] = [
    ["PartsCount", parts.length],
    ["PartNumberMarker", marker],
    ["NextPartNumberMarker", page.at(-1)?.number ?? 0],
    ["MaxParts", limit],
    ["IsTruncated", limit > 0 && marker + page.length < parts.length],
    ...page.map(
      ({ number, size, checksum }): Element => [
        "Part",
        [["PartNumber", number], ["Size", size], ...checksumElements(checksum)],
      ],
    ),
  ]
  return elements
}

function wholeNumber(context: RequestContext, name: string, fallback: number) {
  const text = headerValue(context, name)
  if (text === undefined) return fallback
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new S3Error("InvalidArgument", `Provided ${name} not an integer`, {
    ArgumentName: name,
    ArgumentValue: text,
  })
}
