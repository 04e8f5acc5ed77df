import "server-only"
import { z } from "zod"
import { ListQuery } from "#lib/adapters/database/list-query.ts"
import { parsedLaterBy } from "#lib/adapters/http/json-types.ts"
import { sentence } from "#lib/adapters/text/sentences.ts"
import { Uuid, Uuids } from "#lib/adapters/text/uuid.ts"
import { storedName } from "./file-name.ts"
import { THUMBNAIL_BYTES } from "./thumbnails/thumbnail.ts"

/** The largest file sent in one PUT, if the store refuses to overwrite; also the smallest part. */
export const SINGLE_PUT_BYTES = 8 * 1024 ** 2

export const MAX_FOLDER_BYTES = 1_024

/** A file or folder name, normalized by `storedName`. */
export const FileName = z
  .string()
  .refine((name) => !name.includes("/"), sentence("input_name_slash"))
  .transform(storedName)
  .pipe(
    z
      .string()
      .min(1, sentence("input_file_name"))
      .refine((name) => !/^[. ]+$/.test(name), sentence("input_bad_file_name"))
      .refine(
        (name) => new TextEncoder().encode(name).length <= 255,
        sentence("input_long_file_name"),
      ),
  )

const PathText = z.string().max(MAX_FOLDER_BYTES, sentence("long_path"))

/** The target folder of a file: names with "/" between them, or "" for none. */
export const FolderPath = PathText.transform((path) => (path === "" ? [] : path.split("/")))
  .pipe(z.array(FileName))
  .transform((names) => names.join("/"))
  .refine(
    (path) => new TextEncoder().encode(path).length <= MAX_FOLDER_BYTES,
    sentence("long_path"),
  )

/** The path of an existing folder, not normalized: older ones may have other characters. */
export const KnownFolder = PathText.transform((path) =>
  path.toWellFormed().replaceAll("\0", "").normalize("NFC"),
)

/** A SHA-256 as the API writes it. */
const Hash = z
  .string()
  .regex(/^[0-9a-f]{64}$/i, sentence("input_sha256"))
  .toLowerCase()

// The content type is signed and sent as a header, so only printable ASCII is allowed.
const ContentType = z
  .string()
  .trim()
  .max(127)
  .regex(/^[\w.+-]+\/[\w.+-]+(;[\x20-\x7e]*)?$/)
  .catch("application/octet-stream")

export const FileInput = z.strictObject({
  name: FileName,
  size: z.number().int().min(0),
  contentType: ContentType.default("application/octet-stream"),
  path: FolderPath.optional(),
  /** Identifies the same file when the member selects it again. */
  fingerprint: Hash.optional(),
  /** The hash of the whole file, if the browser knows it before it sends the first byte. */
  sha256: Hash.optional(),
  /** The file of the same sender whose place it takes once it is ready. */
  replaces: Uuid.optional(),
  /** Whether the browser sends a SHA-256 with every part, if the store verifies them. */
  partChecksums: z.boolean().optional(),
})
export type FileInput = z.infer<typeof FileInput>

/** The most files that one call starts. */
export const MAX_BATCH = 500

/** The files of one call. Each is parsed separately as a FileInput, so that one can be refused. */
export const FileBatch = z.strictObject({
  files: z
    .array(parsedLaterBy(FileInput))
    .min(1, sentence("input_one_file"))
    .max(MAX_BATCH, sentence("input_500_files")),
  /** Whether files that have arrived are not started again. */
  ifNew: z.boolean().optional(),
})

/** Files that were chosen from a list. */
export const FileIds = Uuids(
  z.array(Uuid).min(1, sentence("input_one_file")).max(10_000, sentence("input_10000_files")),
)

export const FilesToDelete = z.strictObject({ ids: FileIds })

/** Files whose uploads are under way in a browser. */
export const Heartbeat = z.strictObject({ fileIds: Uuids(z.array(Uuid).min(1).max(100)) })

/** Files and the folder they go to. */
export const FileMove = z.strictObject({ fileIds: FileIds, path: FolderPath })

/** A folder, and either its new path or the new last part of it. */
export const FolderMove = z
  .strictObject({ from: KnownFolder, to: FolderPath.optional(), name: FileName.optional() })
  .refine(({ to, name }) => (to === undefined) !== (name === undefined), {
    message: sentence("input_folder_change"),
    path: ["to"],
  })
  .transform(({ from, to, name = "" }) => ({
    from,
    to: to ?? `${from.slice(0, from.lastIndexOf("/") + 1)}${name}`,
  }))

/** Parts of a multipart upload to sign PUTs for, a small batch at a time. */
export const PartsInput = z.strictObject({
  partNumbers: z.array(z.number().int().min(1).max(10_000)).min(1).max(100),
  sha256: z.record(z.string(), Hash).optional(),
})
export type PartsInput = z.infer<typeof PartsInput>

/** The data that the browser sends after it has sent all of a file. */
export const FinishInput = z.strictObject({ sha256: Hash.optional() })
export type FinishInput = z.infer<typeof FinishInput>

/** The data that the browser sends before it sends a thumbnail. */
export const ThumbnailInput = z.strictObject({
  size: z.number().int().min(1).max(THUMBNAIL_BYTES, sentence("input_thumbnail_size")),
  contentType: z.enum(["image/webp", "image/jpeg"], sentence("input_thumbnail_type")),
})
export type ThumbnailInput = z.infer<typeof ThumbnailInput>

/** The sort orders of a list of files; "-" means descending order. */
export const FILE_SORTS = ["created", "-created", "name", "-name", "size", "-size"] as const
export type FileSort = (typeof FILE_SORTS)[number]

/** The statuses by which lists are filtered. */
export const LISTED_STATUSES = ["uploading", "checking", "held", "ready"] as const

/** The statuses by which senders filter their files; `abandoned` lists uploads that were given up. */
export const SENT_STATUSES = [...LISTED_STATUSES, "abandoned"] as const

export const FileListQuery = ListQuery.extend({
  status: z.enum(SENT_STATUSES).optional(),
  /** Files directly in this folder; "" is the outermost. */
  path: KnownFolder.optional(),
  /** Files in this folder at any depth. */
  folder: KnownFolder.optional(),
  shared: z
    .enum(["true", "false"])
    .transform((value) => value === "true")
    .optional(),
  /** Files in the share of this id. */
  share: Uuid.optional(),
  /** The default is newest first. */
  sort: z.enum(FILE_SORTS).optional(),
})
export type FileListQuery = z.infer<typeof FileListQuery>

/** Why a file is held that exceeds the scanner's limits, and one of which no scan had a result. */
export const TOO_LARGE = "too_large"
export const NO_RESULT = "no_result"
/** A ready file that was held for one of these, or let through in place of it, is not scanned. */
export const NOT_SCANNED: readonly (string | null)[] = [TOO_LARGE, NO_RESULT]

/** A file as the API shows it. Sizes are bytes, times ISO 8601 UTC. */
export const FileView = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  /** The file's folder, with "/" between names, or "". */
  path: z.string(),
  size: z.int(),
  contentType: z.string(),
  /**
   * `checking`: it has arrived and waits for the scanner. `held`: an admin decides. Shares show
   * abandoned files, and a list of them has the uploads that were given up.
   */
  status: z.enum(["uploading", "ready", "abandoned", "checking", "held"]),
  /** Why it is held: the name of what the scanner found, `too_large` or `no_result`; else null. */
  heldFor: z.string().nullable(),
  /** Whether it was let through without the result of a scan. Guests and visitors are not told. */
  notScanned: z.boolean(),
  /** The hash of the whole file, as the member's browser computed it; null if it did not. */
  sha256: z.string().nullable(),
  /** Whether the store compared the SHA-256 with the bytes. */
  sha256Verified: z.boolean(),
  /** Null unless the file is uploading or abandoned. */
  fingerprint: z.string().nullable(),
  hasThumbnail: z.boolean(),
  createdAt: z.iso.datetime(),
})
export type FileView = z.infer<typeof FileView>

/** Whether all of a file is there, whether or not it may be read yet. */
export const hasArrived = ({ status }: Pick<FileView, "status">) =>
  status === "ready" || status === "checking" || status === "held"

/** The content of an object: a file's bytes, or a small picture of it. */
export type ObjectKind = "file" | "thumbnail"

/** A PUT to the store, as it was signed. */
const SignedPut = z.strictObject({ url: z.url(), headers: z.record(z.string(), z.string()) })

const PutView = SignedPut.extend({ method: z.literal("put") })

/** How the browser sends a thumbnail to the store. */
export const ThumbnailUpload = z.strictObject({ upload: PutView })
export type ThumbnailUpload = z.infer<typeof ThumbnailUpload>

/** How the browser sends the bytes to the store. */
export const UploadView = z.discriminatedUnion("method", [
  PutView,
  z.strictObject({
    method: z.literal("multipart"),
    /** The size of every part but the last. */
    partSize: z.int(),
    partCount: z.int(),
    /** Whether every part must be requested with its SHA-256. */
    checksums: z.boolean(),
  }),
])
export type UploadView = z.infer<typeof UploadView>

export const StartedUpload = z.strictObject({ file: FileView, upload: UploadView })
export type StartedUpload = z.infer<typeof StartedUpload>

/** The answer to a start of an upload that may have begun before; null if all of it has arrived. */
export const RepeatedUpload = StartedUpload.extend({ upload: UploadView.nullable() })
export type RepeatedUpload = z.infer<typeof RepeatedUpload>

export const StoredPart = z.strictObject({ partNumber: z.int(), size: z.int() })
export type StoredPart = z.infer<typeof StoredPart>

export const SignedPart = SignedPut.extend({ partNumber: z.int() })
export type SignedPart = z.infer<typeof SignedPart>
