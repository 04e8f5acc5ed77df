import { requireObject, type StoredObject } from "../disk/store.ts"
import type { RequestContext, Resource } from "../requests/request-context.ts"
import { readsObject } from "../requests/subresources.ts"
import type { Query } from "../requests/uri.ts"
import { S3Error } from "../s3-error.ts"
import type { AccessRule } from "./access-keys.ts"

type Asked = { method: string; resource: Resource; query: Query }

/**
 * Refuses requests that a restricted key may never make, whatever the object. `requireReadable`
 * checks the object's tags. Reading a named version, even `null`, is another action in S3.
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
 * Returns the object of a GET or HEAD if its key may read it. Send this object without another
 * lookup, because its tags could change meanwhile. A restricted key gets the same refusal for a
 * missing object as for one with other tags, as in S3 without the right to list.
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
