import type { Tag } from "../requests/object-tags.ts"

/**
 * The permission of a restricted key: to read the current version of objects whose key begins with
 * `prefix` and which have all of these tags, compared byte by byte. A rule has at least one tag.
 */
export type AccessRule = {
  action: "GetObject"
  bucket: string
  prefix: string
  tags: readonly Tag[]
}

export type RestrictedKey = { accessKeyId: string; secretAccessKey: string; only: AccessRule }

/** A key that signs requests. The key without a rule may do everything. */
type AccessKey = { secretAccessKey: string; rule: AccessRule | null }

export type AccessKeys = ReadonlyMap<string, AccessKey>

type Options = {
  accessKeyId: string
  secretAccessKey: string
  restrictedKeys?: readonly RestrictedKey[] | undefined
}

/** All keys of a store. Throws if two have the same id or a rule would open everything. */
export function indexKeys(options: Options): AccessKeys {
  const { accessKeyId, secretAccessKey, restrictedKeys = [] } = options
  const keys = new Map<string, AccessKey>([[accessKeyId, { secretAccessKey, rule: null }]])
  for (const [index, key] of restrictedKeys.entries()) {
    requireRestricted(key, index)
    if (keys.has(key.accessKeyId))
      throw new Error(`Two keys of the object store have the id ${key.accessKeyId}.`)
    keys.set(key.accessKeyId, { secretAccessKey: key.secretAccessKey, rule: key.only })
  }
  return keys
}

/** Parses restricted keys from JSON. Throws an error with a sentence for another shape. */
export function parseRestrictedKeys(text: string): RestrictedKey[] {
  const keys = parseJson(text)
  if (!Array.isArray(keys)) throw new Error("The restricted keys have to be a JSON array.")
  return keys.map((key: unknown, index) => requireRestricted(key, index))
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error("The restricted keys are not JSON.") // without the text, which has secrets in it
  }
}

/** Unknown fields are refused as well, because they could be restrictions. */
function requireRestricted(key: unknown, index: number): RestrictedKey {
  if (isRestrictedKey(key)) return key
  throw new Error(
    `Restricted key ${index + 1} is not of the form {"accessKeyId": "…", "secretAccessKey": "…", "only": {"action": "GetObject", "bucket": "…", "prefix": "…", "tags": [{"key": "…", "value": "…"}]}}, with at least one tag and nothing else.`,
  )
}

function isRestrictedKey(key: unknown): key is RestrictedKey {
  if (!hasExactly(key, ["accessKeyId", "secretAccessKey", "only"])) return false
  return isText(key.accessKeyId) && isText(key.secretAccessKey) && isRule(key.only)
}

function isRule(rule: unknown): rule is AccessRule {
  if (!hasExactly(rule, ["action", "bucket", "prefix", "tags"])) return false
  const { action, bucket, prefix, tags } = rule
  if (action !== "GetObject" || !isText(bucket) || typeof prefix !== "string") return false
  return Array.isArray(tags) && tags.length > 0 && tags.every(isTag)
}

function isTag(tag: unknown): tag is Tag {
  return hasExactly(tag, ["key", "value"]) && isText(tag.key) && typeof tag.value === "string"
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== ""
}

function hasExactly<Name extends string>(
  value: unknown,
  names: readonly Name[],
): value is Record<Name, unknown> {
  if (typeof value !== "object" || value === null) return false
  const found = Object.keys(value)
  return found.length === names.length && names.every((name) => found.includes(name))
}
