import { invalidArgument, S3Error } from "../s3-error.ts"
import { percentDecode } from "./uri.ts"
import { childText, type Element, type Node } from "./xml.ts"

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html

export type Tag = { key: string; value: string }

const MAX_TAGS = 10
const MAX_KEY_CHARACTERS = 128
const MAX_VALUE_CHARACTERS = 256
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u

/** Parses an x-amz-tagging header, which has the format of a query. */
export function parseTaggingHeader(header: string): Tag[] {
  if (header === "") return []
  const malformed = () =>
    invalidArgument(
      "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
      "x-amz-tagging",
      header,
    )
  const tags = header.split("&").map((pair) => {
    const [key = "", value = "", ...more] = pair.split("=")
    if (more.length > 0) throw malformed()
    try {
      return { key: percentDecode(key, true), value: percentDecode(value, true) }
    } catch {
      throw malformed()
    }
  })
  if (new Set(tags.map(({ key }) => key)).size < tags.length) throw malformed()
  return requireValidTags(tags)
}

export function parseTagging(root: Node): Tag[] {
  const [set, ...rest] = root.children
  if (set?.name !== "TagSet" || rest.length > 0) throw new S3Error("MalformedXML")
  const tags = set.children.map((node) => {
    const key = childText(node, "Key")
    const value = childText(node, "Value")
    if (node.name !== "Tag" || node.children.length !== 2) throw new S3Error("MalformedXML")
    if (key === undefined || value === undefined) throw new S3Error("MalformedXML")
    return { key, value }
  })
  return requireValidTags(tags)
}

/** Returns the tags sorted by key. Refuses tags beyond S3's limits. */
function requireValidTags(tags: Tag[]) {
  if (tags.length > MAX_TAGS)
    throw new S3Error("InvalidTag", `Object tags cannot be greater than ${MAX_TAGS}`)
  const keys = new Set<string>()
  for (const { key, value } of tags) {
    if (key === "" || [...key].length > MAX_KEY_CHARACTERS || !ALLOWED.test(key))
      throw new S3Error("InvalidTag", "The TagKey you have provided is invalid", { TagKey: key })
    if ([...value].length > MAX_VALUE_CHARACTERS || !ALLOWED.test(value))
      throw new S3Error("InvalidTag", "The TagValue you have provided is invalid", {
        TagKey: key,
        TagValue: value,
      })
    if (/^aws:/i.test(key))
      throw new S3Error("InvalidTag", "System tags cannot be added/updated by requester", {
        TagKey: key,
      })
    if (keys.has(key))
      throw new S3Error("InvalidTag", "Cannot provide multiple Tags with the same key", {
        TagKey: key,
      })
    keys.add(key)
  }
  return tags.sort((a, b) => (a.key < b.key ? -1 : 1))
}

export function taggingElement(tags: readonly Tag[]): Element {
  const elements = tags.map(
    ({ key, value }): Element => [
      "Tag",
      [
        ["Key", key],
        ["Value", value],
      ],
    ],
  )
  return ["Tagging", [["TagSet", elements]]]
}
