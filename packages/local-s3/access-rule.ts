import type { AccessRule } from "./access-keys.ts"
import { requireObject, type StoredObject } from "./disk/store.ts"
import type { RequestContext, Resource } from "./request-context.ts"
import { S3Error } from "./s3-error.ts"
import { readsObject } from "./subresources.ts"
import type { Query } from "./uri.ts"

type Asked = { method: string; resource: Resource; query: Query }

/**
 * Refuses all that a restricted key may never do, whatever is stored. The object's tags are checked
 * by `requireReadable`. A version that is named, be it `null`, is another action in S3.
 */
export function requireAllowed(rule: AccessRule | null, { method, resource, query }: Asked) {
  if (rule === null) return
  const isAllowed =
    readsObject(method, resource, query) &&
    query.every(([name]) => name !== "versionId") &&
    resource.bucketName === rule.bucket &&
    resource.key.startsWith(rule.prefix)
  if (!isAllowed) throw new S3Error("AccessDenied")
}

/**
 * The object that a GET or HEAD asks for, if its key may read it. Send this object and do not look
 * it up again: its tags could have changed since. A restricted key is refused alike for an object
 * that is not there and for one with other tags, as in S3 without the right to list.
 */
export function requireReadable(context: RequestContext): StoredObject {
  const { store, bucketName, key, authentication } = context
  const { rule } = authentication
  if (rule === null) return requireObject(store, bucketName, key)
  const object = store.buckets.get(bucketName)?.objects.get(key)
  if (!object || !hasTags(object, rule)) throw new S3Error("AccessDenied")
  return object
}

function hasTags({ tags = [] }: StoredObject, rule: AccessRule) {
  return rule.tags.every((wanted) =>
    tags.some(({ key, value }) => key === wanted.key && value === wanted.value),
  )
}
