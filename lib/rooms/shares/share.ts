import "server-only"
import { z } from "zod"
import { ListQuery } from "#lib/adapters/database/list-query.ts"
import { PlainText } from "#lib/adapters/text/plain-text.ts"
import { sentence } from "#lib/adapters/text/sentences.ts"
import { Uuid, Uuids } from "#lib/adapters/text/uuid.ts"
import { CutOffView } from "#lib/rooms/cut-offs/cut-off.ts"
import { FileIds as ChosenFileIds, FileView, KnownFolder } from "#lib/rooms/files/file.ts"
import { MAX_RECIPIENTS, MaxDownloads, NewRecipient } from "./links/link.ts"

export const SHARE_STATUSES = ["open", "scheduled", "expired", "revoked", "used_up"] as const
export type ShareStatus = (typeof SHARE_STATUSES)[number]

/** Whether visitors open files or guests send them. lib/rooms/requests/ has the latter. */
export type ShareKind = "share" | "request"

/** Whether visitors may open a share, now or at its start. */
export const isUsable = (status: ShareStatus) => status === "open" || status === "scheduled"

export const FIRST_INSTANT = new Date("2000-01-01T00:00:00Z")
export const LAST_INSTANT = new Date("2200-12-31T23:59:59.999Z")

// The database has the same bounds. Outside of them, programs format times differently.
export const Instant = z.iso
  .datetime({ offset: true, error: sentence("input_time") })
  .transform((text) => new Date(text))
  .refine((instant) => instant >= FIRST_INSTANT && instant <= LAST_INSTANT, sentence("input_years"))

/** How long a counted download can be retried and resumed without counting again. */
export const TICKET_SECONDS = 24 * 60 * 60

export const MAX_TITLE = 200

export const conditions = {
  title: PlainText.pipe(z.string().max(MAX_TITLE, sentence("input_most", { count: 200 }))),
  message: PlainText.pipe(z.string().max(4_000, sentence("input_most", { count: 4_000 }))),
  startsAt: Instant.nullable(),
  expiresAt: Instant.nullable(),
  /** The end in place of `expiresAt`, in seconds from the time of the call. */
  expiresIn: z.int().min(0),
  password: z
    .string()
    .min(4, sentence("input_least", { count: 4 }))
    .max(200, sentence("input_most", { count: 200 }))
    .nullable(),
  maxDownloads: MaxDownloads,
  direct: z.boolean(),
  /** Whether visitors may view files before they download them. */
  preview: z.boolean(),
  /** Whether visitors may only view files and not download them. */
  viewOnly: z.boolean(),
  /**
   * Whether previews have a watermark: the time, and the name of the recipient or else the sender.
   */
  watermark: z.boolean(),
  /** Whether its owner gets notices about it by mail. */
  notices: z.boolean(),
  /** Whether they tell of every download, with the recipients' names, instead of the first alone. */
  everyDownload: z.boolean(),
  mintTtlSeconds: z.number().int().min(15).max(300).nullable(),
}

type Ends = { expiresAt?: unknown; expiresIn?: unknown }

/** For `refine`: an end is either a time or a number of seconds. */
export const ONE_END: [(ends: Ends) => boolean, { message: string; path: string[] }] = [
  ({ expiresAt, expiresIn }) => expiresAt === undefined || expiresIn === undefined,
  { message: sentence("input_one_end"), path: ["expiresIn"] },
]

export const MAX_SHARE_FILES = 10_000

const TOO_MANY_FILES = sentence("input_share_files")
const listed = z.array(Uuid).max(MAX_SHARE_FILES, TOO_MANY_FILES)
const FileIds = Uuids(listed)

/** A folder of the member's files, which includes all files below it, at any depth. */
const Folder = KnownFolder.refine((path) => path !== "", sentence("input_folder"))

/** A new share of these files, of a folder's, or both. It expires after 7 days by default. */
export const ShareInput = z
  .strictObject({
    fileIds: Uuids(listed.min(1, sentence("input_one_file"))),
    folder: Folder,
    ...conditions,
    recipients: z
      .array(NewRecipient)
      .max(MAX_RECIPIENTS, sentence("input_most_recipients", { count: MAX_RECIPIENTS })),
    /** Whether anyone with the link may use it, as by default; otherwise its recipients alone. */
    openLink: z.boolean(),
    /** Whether the recipients' links are mailed, which is the default where Lapse sends mail. */
    mail: z.boolean(),
  })
  .partial()
  .refine(({ fileIds, folder }) => fileIds !== undefined || folder !== undefined, {
    message: sentence("input_file_or_folder"),
    path: ["fileIds"],
  })
  .refine(...ONE_END)
export type ShareInput = z.infer<typeof ShareInput>

/**
 * An edit of a share. A key that is left out keeps its value, and null clears it. Files are added
 * to and removed from the share's files.
 */
export const ShareEdit = z
  .strictObject({
    addFileIds: FileIds,
    /** A folder whose files are added if the share does not contain them yet. */
    addFolder: Folder,
    removeFileIds: FileIds,
    ...conditions,
    /** The version that the edit is based on; another one is refused (conflict). */
    version: z.string(),
  })
  .partial()
  .refine(...ONE_END)
export type ShareEdit = z.infer<typeof ShareEdit>

/** The sort orders of a list of shares; "-" means descending order. */
export const SHARE_SORTS = [
  "created",
  "-created",
  "end",
  "-end",
  "name",
  "-name",
  "views",
  "-views",
] as const
export type ShareSort = (typeof SHARE_SORTS)[number]

export const ShareListQuery = ListQuery.extend({
  status: z.enum(SHARE_STATUSES).optional(),
  /** The default is newest first. */
  sort: z.enum(SHARE_SORTS).optional(),
})
export type ShareListQuery = z.infer<typeof ShareListQuery>

/** The shares that contain one of these files; `usable`: only those that are open or scheduled. */
export const SharesOfFilesQuery = z.strictObject({
  ...ListQuery.pick({ cursor: true, limit: true }).shape,
  fileIds: ChosenFileIds,
  usable: z.boolean().optional(),
})
export type SharesOfFilesQuery = z.infer<typeof SharesOfFilesQuery>

export const AllSharesQuery = ShareListQuery.extend({ ownerId: Uuid.optional() })
export type AllSharesQuery = z.infer<typeof AllSharesQuery>

/** The number of shares of each status; null for more than 1,000. */
export type ShareCounts = Record<ShareStatus | "all", number | null>

/** Whether to end the URLs that were minted before. */
const cutOff = z.boolean().optional()

export const RevokeInput = z.strictObject({ cutOff })
export type RevokeInput = z.infer<typeof RevokeInput>

/** The ids of shares that are chosen at once. */
const ChosenIds = Uuids(
  z.array(Uuid).min(1, sentence("input_one_share")).max(10_000, sentence("input_10000_shares")),
)

/** Shares that were chosen from a list. */
export const ShareIds = z.strictObject({
  ids: ChosenIds,
})

/** Shares of one owner to revoke. A dry run only returns their ids. */
export const OwnRevocationInput = ShareIds.extend({ cutOff, dryRun: z.boolean().optional() })

/** Shares to keep open until a later time. */
export const ExtensionInput = ShareIds.extend({ expiresAt: Instant })

/** The status of a share that a page showed to its owner, who opens it again. */
export const ReopenInput = z.strictObject({ seen: z.enum(SHARE_STATUSES) })

/** The shares that an admin revokes: these ids, all, or those that meet all conditions. */
export const RevokeSharesInput = z
  .strictObject({
    ids: ChosenIds.optional(),
    all: z.literal(true).optional(),
    ownerId: Uuid.optional(),
    fileId: Uuid.optional(),
    createdAfter: Instant.optional(),
    createdBefore: Instant.optional(),
    cutOff,
    reason: PlainText.pipe(z.string().max(500, sentence("input_most", { count: 500 }))).optional(),
    /** Set to only count the shares. */
    dryRun: z.boolean().optional(),
    /**
     * A number that a dry run returned: `open` or `count`, or `exposed` if none is left to revoke.
     * If the number has changed since, nothing is revoked. More than 10,000 shares are confirmed by
     * any number above 10,000.
     */
    confirm: z.number().int().min(0).optional(),
  })
  .refine(({ ids, all, ownerId, fileId, createdAfter, createdBefore }) => {
    const conditions = [ownerId ?? fileId ?? createdAfter ?? createdBefore]
    return [ids, all, ...conditions].filter((one) => one !== undefined).length === 1
  }, sentence("input_shares_named"))
export type RevokeSharesInput = z.infer<typeof RevokeSharesInput>

/** The live URLs of the selected shares, and the files that other shares also contain. */
export const RevocationReach = z.strictObject({
  /** The number of selected shares, including those revoked before. */
  shares: z.int(),
  files: z.int(),
  /** The numbers of shares and files of which a URL may still work. */
  exposedShares: z.int(),
  exposedFiles: z.int(),
  /** The number of files that are also in open shares outside of the selection, which stay open. */
  filesElsewhere: z.int(),
})
export type RevocationReach = z.infer<typeof RevocationReach>

const RevokedShares = z.strictObject({
  dryRun: z.boolean(),
  /**
   * The number of shares that were revoked, would be, or will be if the revocation continues. Of more
   * than 10,000 it is the confirmed number, and the next four are 0: they are closed before they are
   * counted.
   */
  count: z.int(),
  /** The number of those that were open or scheduled before. */
  open: z.int(),
  /** The number of those that their owners had revoked before. */
  revokedByOwner: z.int(),
  /** The number of selected shares that an admin had revoked before. */
  alreadyRevoked: z.int(),
  /** The number of those with a URL that may still work. */
  exposed: z.int(),
  /**
   * The latest exposedUntil of the shares that are revoked by now, or later if that is not known.
   */
  exposedUntil: z.iso.datetime().nullable(),
  /** The reach of a dry run of up to 10,000 shares; null if it was not counted. */
  reach: RevocationReach.nullable(),
  /** The audit entries of the revocation. */
  acts: z.array(z.string()),
})

/** Whether all are revoked, and the id of their cut off; or the id of one that continues. */
export const RevokeSharesResult = z.discriminatedUnion("state", [
  RevokedShares.extend({ state: z.literal("done"), id: z.uuid().nullable() }),
  RevokedShares.extend({ state: z.literal("running"), id: z.uuid() }),
])
export type RevokeSharesResult = z.infer<typeof RevokeSharesResult>

/**
 * Who opens a share or a request that has not ended: `anyone` with the link, recipients by their
 * `links`, only `people` who get a code by mail, or `nobody`.
 */
export const OpenTo = z.enum(["anyone", "links", "people", "nobody"])
export type OpenTo = z.infer<typeof OpenTo>

/** A share as the API shows it to its owner. Times are ISO 8601 UTC. */
export const ShareView = z.strictObject({
  id: z.uuid(),
  /** The address for anyone; null while that link is revoked. */
  url: z.string().nullable(),
  openTo: OpenTo,
  /** Changes with each change of the share except of its counters and files. */
  version: z.string(),
  title: z.string(),
  /** The title, else the name of the first file, which stays when all files are deleted. */
  name: z.string(),
  message: z.string(),
  status: z.enum(SHARE_STATUSES),
  /**
   * The files in the owner's order; lists have the first three. Deleted files are left out;
   * abandoned uploads are included.
   */
  files: z.array(FileView).max(MAX_SHARE_FILES),
  fileCount: z.int(),
  /** The size of the files whose upload was not abandoned. */
  totalBytes: z.int(),
  /** The number of files that are still uploading or being checked. */
  arrivingFileCount: z.int(),
  /** The number of files whose upload was abandoned. */
  abandonedFileCount: z.int(),
  /** The number of files that were deleted after they were shared. */
  deletedFileCount: z.int(),
  startsAt: z.iso.datetime().nullable(),
  expiresAt: z.iso.datetime().nullable(),
  maxDownloads: z.int().nullable(),
  hasPassword: z.boolean(),
  direct: z.boolean(),
  preview: z.boolean(),
  viewOnly: z.boolean(),
  watermark: z.boolean(),
  /** Whether its owner gets notices about it by mail. */
  notices: z.boolean(),
  /** Whether they tell of every download, with the recipients' names, instead of the first alone. */
  everyDownload: z.boolean(),
  mintTtlSeconds: z.int(),
  views: z.int(),
  botViews: z.int(),
  /** The number of viewed files, counted once per visit and file. */
  previews: z.int(),
  /** The number of claims. */
  downloads: z.int(),
  /** The number of claims that were counted while it was view-only, and so are not downloads. */
  viewers: z.int(),
  createdAt: z.iso.datetime(),
  revokedAt: z.iso.datetime().nullable(),
  revokedBy: z.strictObject({ name: z.string(), admin: z.boolean() }).nullable(),
  revokeReason: z.string().nullable(),
  /** Until when a URL that was minted before may still work; null if none does. */
  exposedUntil: z.iso.datetime().nullable(),
  /** The last cut off of its URLs; null if there was none since it was closed. */
  cutOff: CutOffView.nullable(),
})
export type ShareView = z.infer<typeof ShareView>

/** A share as an admin sees it. */
export const AdminShareView = ShareView.extend({
  owner: z.strictObject({ id: z.uuid(), name: z.string(), email: z.string() }),
})
export type AdminShareView = z.infer<typeof AdminShareView>
