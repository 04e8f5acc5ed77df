import "server-only"
import { z } from "zod"
import { ListQuery } from "#lib/adapters/database/list-query.ts"
import { PlainText, plainLine } from "#lib/adapters/text/plain-text.ts"
import { sentence } from "#lib/adapters/text/sentences.ts"
import { Uuid, Uuids } from "#lib/adapters/text/uuid.ts"
import { FileBatch, FileInput, FileView, FolderPath } from "#lib/rooms/files/file.ts"
import {
  conditions,
  Instant,
  MAX_SHARE_FILES,
  ONE_END,
  OpenTo,
  SHARE_STATUSES,
} from "#lib/rooms/shares/share.ts"

/** All that came in fits in one share. */
const MOST_FILES = MAX_SHARE_FILES
const MOST_BYTES = 2 ** 50

/** A chosen address of a request, which can be guessed. */
export const Slug = z.string().regex(/^[a-z0-9-]{3,30}$/, sentence("input_slug"))

const Line = (most: number) =>
  PlainText.transform(plainLine).pipe(z.string().max(most, sentence("input_most", { count: most })))

/** A file type: "pdf", "tar.gz", "image/*" or "application/pdf". */
const FileType = z
  .string()
  .trim()
  .toLowerCase()
  .transform((type) => type.replace(/^\*?\./, ""))
  .pipe(
    z
      .string()
      .max(100)
      .regex(/^([a-z0-9][a-z0-9._-]*|[a-z]+\/(\*|[a-z0-9][a-z0-9.+-]*))$/, sentence("input_types")),
  )

const Asked = z.enum(["no", "optional", "required"])

/** The fields that a request asks its senders to fill in. */
export const RequestFields = z.strictObject({
  name: Asked.default("optional"),
  address: Asked.default("no"),
  /** The owner's questions. */
  own: z
    .array(
      z.strictObject({
        label: Line(80).pipe(z.string().min(1, sentence("input_label"))),
        required: z.boolean().default(false),
      }),
    )
    .max(5, sentence("input_most", { count: 5 }))
    .refine(
      (fields) => new Set(fields.map(({ label }) => label)).size === fields.length,
      sentence("input_label"),
    )
    .default([]),
})
export type RequestFields = z.infer<typeof RequestFields>

const { title, message, startsAt, expiresAt, expiresIn, password, notices } = conditions

const own = {
  title: title.pipe(z.string().min(1, sentence("input_title"))),
  /** The folder of the owner that the files go to. */
  folder: FolderPath,
  /** The number of files, and their bytes, that the request takes from all senders together. */
  maxFiles: z
    .int()
    .min(1)
    .max(MOST_FILES, sentence("input_most", { count: MOST_FILES })),
  maxBytes: z.int().min(1, sentence("input_one_byte")).max(MOST_BYTES),
  /** The size of one file; null for the installation's limit. */
  maxFileBytes: z.int().min(1, sentence("input_one_byte")).max(MOST_BYTES).nullable(),
  /** The only accepted types, by extension or declared type; empty for all. */
  types: z
    .array(FileType)
    .max(200, sentence("input_200_types"))
    .transform((types) => [...new Set(types)]),
  fields: RequestFields,
  /** Shown to a sender at the end. */
  thanks: PlainText.pipe(z.string().max(2_000, sentence("input_most", { count: 2_000 }))),
  slug: Slug.nullable(),
  /** After how many days its files are deleted, if that is sooner than the rule; null for the rule. */
  retention: z
    .int(sentence("input_days"))
    .min(1, sentence("input_one_day"))
    .max(3_650, sentence("input_ten_years"))
    .nullable(),
  /** Whether it takes more than one delivery. */
  reusable: z.boolean(),
}

const settable = { ...own, message, startsAt, expiresAt, expiresIn, password, notices }

/** A new request. */
export const RequestInput = z
  .strictObject(settable)
  .partial()
  .required({ title: true, folder: true })
  .refine(...ONE_END)
export type RequestInput = z.infer<typeof RequestInput>

/** An edit of a request. A key that is left out keeps its value, and null clears it. */
export const RequestEdit = z
  .strictObject(settable)
  .partial()
  .refine(...ONE_END)
export type RequestEdit = z.infer<typeof RequestEdit>

/** A chosen address, and the request that would get it unless it is a new one. */
export const SlugQuery = z.strictObject({ slug: Slug, requestId: Uuid.optional() })

export const NewLinkInput = z.strictObject({
  /** Whether the chosen address stays; by default it ends with the link. */
  keepSlug: z.boolean().default(false),
})

/** Whether the files that arrived are kept or deleted. */
const filesToo = z.enum(["keep", "delete"]).default("keep")
export const RequestDeletion = z.strictObject({ files: filesToo })
export type RequestDeletion = z.infer<typeof RequestDeletion>

/** The sort orders of a list of requests; "-" means descending order. */
export const REQUEST_SORTS = ["-created", "created", "end", "-end", "name", "-name"] as const

export const RequestListQuery = ListQuery.extend({
  status: z.enum(SHARE_STATUSES).optional(),
  /** The default is newest first. */
  sort: z.enum(REQUEST_SORTS).optional(),
})
export type RequestListQuery = z.infer<typeof RequestListQuery>
export const AllRequestsQuery = RequestListQuery.extend({ ownerId: Uuid.optional() })
export type AllRequestsQuery = z.infer<typeof AllRequestsQuery>

/** A request as the API shows it to its owner. Sizes are bytes, times ISO 8601 UTC. */
export const RequestView = z.strictObject({
  id: z.uuid(),
  /** Null while the open link is revoked. */
  url: z.string().nullable(),
  openTo: OpenTo,
  /** Changes with each change of the request and of what came in. */
  version: z.string(),
  slug: z.string().nullable(),
  title: z.string(),
  message: z.string(),
  status: z.enum(SHARE_STATUSES),
  folder: z.string(),
  startsAt: z.iso.datetime().nullable(),
  expiresAt: z.iso.datetime().nullable(),
  hasPassword: z.boolean(),
  reusable: z.boolean(),
  maxFiles: z.int(),
  maxBytes: z.int(),
  maxFileBytes: z.int().nullable(),
  types: z.array(z.string()),
  fields: RequestFields,
  thanks: z.string(),
  retention: z.int().nullable(),
  notices: z.boolean(),
  /** The files that arrived or are arriving, and their size; without deleted ones. */
  fileCount: z.int(),
  totalBytes: z.int(),
  /** Those of them that are arriving, and their size. */
  arrivingFileCount: z.int(),
  arrivingBytes: z.int(),
  /** The files that arrived since the owner last saw what their senders sent. */
  newFileCount: z.int(),
  /** The number of deliveries that are done. */
  deliveries: z.int(),
  views: z.int(),
  botViews: z.int(),
  createdAt: z.iso.datetime(),
  revokedAt: z.iso.datetime().nullable(),
  revokedBy: z.strictObject({ name: z.string(), admin: z.boolean() }).nullable(),
  revokeReason: z.string().nullable(),
})
export type RequestView = z.infer<typeof RequestView>

/** A request as an admin sees it. */
export const AdminRequestView = RequestView.extend({
  owner: z.strictObject({ id: z.uuid(), name: z.string(), email: z.string() }),
})
export type AdminRequestView = z.infer<typeof AdminRequestView>

/** The most files of a receipt or of deliveries in one answer. */
export const FILES_PER_PAGE = 500

/** A page of deliveries, or one of them with other files, whose positions its cursors are. */
export const DeliveriesQuery = ListQuery.omit({ q: true }).extend({ deliveryId: Uuid.optional() })
export type DeliveriesQuery = z.infer<typeof DeliveriesQuery>

/** A file of a delivery, and when all of it had arrived or was found clean. */
export const ReceivedFile = FileView.extend({ arrivedAt: z.iso.datetime() })
export type ReceivedFile = z.infer<typeof ReceivedFile>

/** A delivery of one sender. */
export const DeliveryView = z.strictObject({
  id: z.uuid(),
  /** Empty if the sender gave none, or the owner erased it. */
  name: z.string(),
  address: z.string(),
  /** The person to whom the link was sent; null for the open link, and once it is erased. */
  recipient: z.string().nullable(),
  /** The answers to the owner's questions, by their labels. */
  fields: z.record(z.string(), z.string()),
  startedAt: z.iso.datetime(),
  doneAt: z.iso.datetime().nullable(),
  erasedAt: z.iso.datetime().nullable(),
  /** Whether it is not done, of a request that requires a name: senders may give it until then. */
  waitsForName: z.boolean(),
  /** Until when the owner has seen what came in. */
  seenAt: z.iso.datetime(),
  /** The files that are uploading, and their size. */
  arrivingFileCount: z.int(),
  arrivingBytes: z.int(),
  /** The number of files that arrived, their size, and how many came since `seenAt`. */
  fileCount: z.int(),
  totalBytes: z.int(),
  newFileCount: z.int(),
  /** The first files that arrived: those of all deliveries of an answer are at most 500. */
  files: z.array(ReceivedFile).max(FILES_PER_PAGE),
})
export type DeliveryView = z.infer<typeof DeliveryView>

/** Deliveries whose files the owner has seen. What arrived later than `until` stays new. */
export const SeenDeliveries = z.strictObject({
  deliveryIds: Uuids(z.array(Uuid).min(1).max(200)),
  until: Instant,
})
export type SeenDeliveries = z.infer<typeof SeenDeliveries>

const Sender = z.strictObject({ name: Line(200), address: Line(254) }).partial()
export type Sender = z.infer<typeof Sender>

/** A file whose upload a guest starts, and its sender. */
export const SentFile = FileInput.extend({ sender: Sender.optional() })

/** Several files of one guest. */
export const SentBatch = FileBatch.extend({ sender: Sender.optional() })

/** The end of a delivery: the sender, and the answers to the owner's questions. */
export const DoneInput = z.strictObject({
  sender: Sender.default({}),
  fields: z
    .record(z.string().max(80), PlainText.pipe(z.string().max(2_000)))
    .refine((fields) => Object.keys(fields).length <= 5, sentence("not_valid"))
    .default({}),
})
export type DoneInput = z.infer<typeof DoneInput>

/** A receipt for a sender, with some of the files. */
export const Receipt = z.strictObject({
  id: z.uuid(),
  title: z.string(),
  /** The name of the member who asked. */
  to: z.string(),
  startedAt: z.iso.datetime(),
  doneAt: z.iso.datetime().nullable(),
  thanks: z.string(),
  files: z.array(
    z.strictObject({
      name: z.string(),
      path: z.string(),
      size: z.int(),
      sha256: z.string().nullable(),
    }),
  ),
  /** The number of all files of the delivery, and their size. */
  fileCount: z.int(),
  bytes: z.int(),
  nextCursor: z.string().nullable(),
})
export type Receipt = z.infer<typeof Receipt>
