import { checkCopySource } from "./conditions.ts"
import type { StoredObject } from "./disk/objects.ts"
import { type Exchange, headerValue } from "./exchange.ts"
import { requireObject } from "./operations/read-object.ts"
import { S3Error } from "./s3-error.ts"
import { decode } from "./uri.ts"

export const MAX_COPY_BYTES = 5 * 1024 ** 3

export type CopySource = { bucketName: string; key: string; object: StoredObject }

/** The object an x-amz-copy-source header names, if its conditions hold. */
export function copySource(exchange: Exchange): CopySource {
  const header = headerValue(exchange, "x-amz-copy-source") ?? ""
  const [path = "", ...version] = header.split("?versionId=")
  if (version.length > 0 && version[0] !== "null") throw new S3Error("NoSuchVersion")
  const source = decode(path).replace(/^\//, "")
  const slash = source.indexOf("/")
  const bucketName = source.slice(0, slash)
  const key = source.slice(slash + 1)
  if (slash < 1 || key === "")
    throw new S3Error(
      "InvalidArgument",
      "Copy Source must mention the source bucket and key: sourcebucket/sourcekey",
      { ArgumentName: "x-amz-copy-source", ArgumentValue: header },
    )
  const object = requireObject(exchange.store, bucketName, key)
  checkCopySource(exchange, object)
  return { bucketName, key, object }
}
