import "server-only"
import { z } from "zod"
import { Conditions, Flag, orNull, type Tables, Time, Whole, withTables } from "./open-sqlite.ts"
import {
  type LeftOut,
  NOT_IMPORTED,
  type Place,
  RECIPIENTS,
  REVERSE_SHARES,
  SECOND_FACTORS,
  type Source,
  type SourceFile,
  type SourceMember,
  type SourceShare,
} from "./source.ts"

// The tables of Pingvin Share 0.1 to 1.x and of its successor Pingvin Share X, from
// backend/prisma/schema.prisma.
const User = z.object({
  id: z.string(),
  username: orNull(z.string()),
  email: z.string(),
  password: orNull(z.string()),
  isAdmin: orNull(Flag),
  /** Only in Pingvin Share X: false until the address is verified. */
  isActivated: orNull(Flag),
  totpEnabled: orNull(Flag),
  createdAt: Time,
})

const Share = z.object({
  id: z.string(),
  createdAt: Time,
  name: orNull(z.string()),
  description: orNull(z.string()),
  uploadLocked: orNull(Flag),
  views: orNull(Whole),
  expiration: Time,
  removedReason: orNull(z.string()),
  creatorId: orNull(z.string()),
  reverseShareId: orNull(z.string()),
  storageProvider: orNull(z.string()),
})

const File = z.object({
  id: z.string(),
  createdAt: Time,
  name: z.string(),
  size: Whole,
  shareId: z.string(),
})

const Security = z.object({
  shareId: orNull(z.string()),
  /** Only in Pingvin Share X: whether only recipients who are signed in can open the share. */
  restrictToRecipients: orNull(Flag).catch(true),
  ...Conditions,
})

const Recipient = z.object({ shareId: z.string(), email: z.string() })

const ReverseShare = z.object({
  id: z.string(),
  creatorId: z.string(),
  publicAccess: orNull(Flag),
})

const Config = z.object({
  name: z.string(),
  category: orNull(z.string()),
  value: orNull(z.string()),
  defaultValue: orNull(z.string()),
})

const PINGVIN = {
  app: "Pingvin Share",
  places: [
    { file: "pingvin-share.db", root: "." },
    { file: "data/pingvin-share.db", root: "data" },
  ],
  table: "ShareSecurity",
}

export const readPingvin = (directory: string): Source & { root: string } =>
  withTables(directory, PINGVIN, (tables) => ({ ...readTables(tables), root: tables.root }))

function readTables({ read, leftOut }: Tables): Source {
  leftOut.push(NOT_IMPORTED)
  const members = read("User", User).map((user) => memberOf(user, leftOut))
  const bucket = bucketOf(read("Config", Config))
  const reverse = new Map(read("ReverseShare", ReverseShare).map((one) => [one.id, one]))
  const securities = new Map(read("ShareSecurity", Security).map((one) => [one.shareId, one]))
  const mailed = Map.groupBy(read("ShareRecipient", Recipient), ({ shareId }) => shareId)
  const stored = Map.groupBy(read("File", File), ({ shareId }) => shareId)

  const files: SourceFile[] = []
  const shares: SourceShare[] = []
  for (const row of read("Share", Share)) {
    const received = reverse.get(row.reverseShareId ?? "")
    const ownerId = received?.creatorId ?? row.creatorId
    const what = `the share /share/${row.id}`
    const closed = whyClosed(row)
    if (closed !== null) {
      leftOut.push({ what, why: closed })
      continue
    }
    const own = (stored.get(row.id) ?? [])
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map((file) => fileOf(file, ownerId, placeOf(row, file, bucket)))
    files.push(...own)
    const security = securities.get(row.id)
    const restricted = whyRestricted(received, security)
    if (restricted !== null) {
      leftOut.push({ what, why: restricted })
      continue
    }
    const to = mailed.get(row.id)?.length ?? 0
    if (to > 0)
      leftOut.push({ what: `${what}: ${to} addresses that it was mailed to`, why: RECIPIENTS })
    shares.push(shareOf({ ...row, ownerId }, security, own))
  }
  for (const { id } of reverse.values())
    leftOut.push({ what: `the reverse share ${id}`, why: REVERSE_SHARES })
  return { members, files, shares, leftOut }
}

type ShareRow = z.infer<typeof Share>
type FileRow = z.infer<typeof File>

/** Returns why Pingvin Share does not open a share, apart from its end; null if it does. */
function whyClosed({ removedReason, uploadLocked }: ShareRow): string | null {
  if (removedReason) return `Pingvin Share removed it (${removedReason})`
  return uploadLocked ? null : "its upload was never completed, so its link does not open"
}

/** Returns why some people with the link cannot open a share; null if all can. */
function whyRestricted(
  received: z.infer<typeof ReverseShare> | undefined,
  security: z.infer<typeof Security> | undefined,
): string | null {
  if (received?.publicAccess === false)
    return "it was received by a reverse share and opened to its owner alone: its files come, its link does not"
  if (security?.restrictToRecipients)
    return "it opened to its recipients alone, who signed in: its files come, its link does not"
  return null
}

function memberOf(user: z.infer<typeof User>, leftOut: LeftOut[]): SourceMember {
  const { id, email, createdAt, username, password, isAdmin, isActivated, totpEnabled } = user
  if (totpEnabled) leftOut.push({ what: `the second factor of ${email}`, why: SECOND_FACTORS })
  const role = isAdmin ? "admin" : "member"
  return {
    id,
    email,
    createdAt,
    role,
    name: username ?? "",
    disabled: isActivated === false,
    passwordHash: password,
  }
}

function fileOf(
  { id, name, size, createdAt }: FileRow,
  ownerId: string | null,
  place: Place,
): SourceFile {
  const names = name.split("/")
  const folders = names.slice(0, -1)
  return { id, ownerId, name: names.at(-1) ?? "", folders, size, createdAt, place }
}

const shareOf = (
  row: ShareRow & { ownerId: string | null },
  security: z.infer<typeof Security> | undefined,
  files: SourceFile[],
): SourceShare => ({
  id: row.id,
  ownerId: row.ownerId,
  title: row.name ?? "",
  message: row.description ?? "",
  createdAt: row.createdAt,
  expiresAt: row.expiration.getTime() === 0 ? null : row.expiration, // the epoch means never
  passwordHash: security?.password ?? null,
  maxViews: security?.maxViews ?? null,
  views: row.views ?? 0,
  fileIds: files.map(({ id }) => id),
  linkIds: [row.id],
})

/** In the bucket, and in a copy of the bucket in the directory, a file is stored under its name. */
const placeOf = (
  { id, storageProvider }: ShareRow,
  file: FileRow,
  { name: bucket, path }: ReturnType<typeof bucketOf>,
): Place =>
  storageProvider === "S3"
    ? {
        paths: [`uploads/shares/${id}/${file.name}`],
        object: { bucket, key: `${path}${id}/${file.name}` },
      }
    : { paths: [`uploads/shares/${id}/${file.id}`], object: null }

function bucketOf(rows: z.infer<typeof Config>[]) {
  const value = (name: string) => {
    const row = rows.find((row) => row.category === "s3" && row.name === name)
    return row?.value ?? row?.defaultValue ?? ""
  }
  const path = value("bucketPath")
  return { name: value("bucketName") || null, path: path ? `${path}/` : "" }
}
