import "server-only"

export type Right = {
  action: string
  on: "bucket" | "objects" | "audit"
  why: string
}

export const APP_PREFIXES = ["o/", "probe/"] as const

/** The prefix of the audit log's head. The app uses only this prefix and APP_PREFIXES. */
export const AUDIT_PREFIX = "audit/"

export const APP_RIGHTS: readonly Right[] = [
  {
    action: "s3:ListBucket",
    on: "bucket",
    why: "to see that the bucket is there, to tell an object that is missing from one that is refused, and to compare the bucket with the database",
  },
  {
    action: "s3:ListBucketMultipartUploads",
    on: "bucket",
    why: "to find uploads in parts that no row knows, and to end them",
  },
  {
    action: "s3:ListBucketVersions",
    on: "bucket",
    why: "to delete every version of a file, where the bucket keeps versions",
  },
  {
    action: "s3:GetObject",
    on: "objects",
    why: "to sign downloads of files that have no colour, to look at an upload's size and a thumbnail's header, and to copy",
  },
  {
    action: "s3:PutObject",
    on: "objects",
    why: "to sign uploads and their parts, to put parts together, and to copy",
  },
  {
    action: "s3:DeleteObject",
    on: "objects",
    why: "to delete what members delete",
  },
  {
    action: "s3:DeleteObjectVersion",
    on: "objects",
    why: "to delete every version of it, where the bucket keeps versions: an old version would stay readable",
  },
  {
    action: "s3:AbortMultipartUpload",
    on: "objects",
    why: "to end an upload that was given up, whose parts would cost money",
  },
  {
    action: "s3:ListMultipartUploadParts",
    on: "objects",
    why: "to resume an upload, and to check the size of what arrived",
  },
  {
    action: "s3:PutObjectTagging",
    on: "objects",
    why: "to give files their colour: a cut off is one such call",
  },
  {
    action: "s3:GetObjectTagging",
    on: "objects",
    why: "to keep the tags of others, and to see that a colour is what was written",
  },
  {
    action: "s3:GetObject",
    on: "audit",
    why: "to compare the audit log with its head before it is sealed further",
  },
  {
    action: "s3:PutObject",
    on: "audit",
    why: "to keep its head where a change of the database alone does not reach",
  },
]

export const actionsOn = (on: Right["on"]) =>
  APP_RIGHTS.filter((right) => right.on === on).map(({ action }) => action)
