import { requireObject, type StoredObject } from "../disk/store.ts"
import { invalidArgument, S3Error } from "../s3-error.ts"
import { requireCopySourceConditions } from "./conditional-requests.ts"
import { headerValue, type RequestContext, type Resource } from "./request-context.ts"
import { percentDecode } from "./uri.ts"

export const MAX_COPY_BYTES = 5 * 1024 ** 3

type CopySource = Resource & { object: StoredObject }

/** Returns the object that an x-amz-copy-source header names, if its conditions hold. */
export function findCopySource(context: RequestContext): CopySource {
  const header = headerValue(context, "x-amz-copy-source") ?? ""
  const [path = "", ...version] = header.split("?versionId=")
  if (version.length > 0 && version[0] !== "null") throw new S3Error("NoSuchVersion")
  const source = percentDecode(path).replace(/^\//, "")
  const slash = source.indexOf("/")
  const bucketName = source.slice(0, slash)
  const key = source.slice(slash + 1)
  if (slash < 1 || key === "")
    throw invalidArgument(
      "Copy Source must mention the source bucket and key: sourcebucket/sourcekey",
      "x-amz-copy-source",
      header,
    )
  const object = requireObject(context.store, bucketName, key)
  requireCopySourceConditions(context, object)
  return { bucketName, key, object }
}
