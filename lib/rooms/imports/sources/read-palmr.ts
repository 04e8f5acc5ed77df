import "server-only"
import { z } from "zod"
import {
  Conditions,
  DAMAGED,
  Flag,
  orNull,
  type Tables,
  Time,
  Whole,
  withTables,
} from "./open-sqlite.ts"
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

// The tables of Palmr 2 and 3, from apps/server/prisma/schema.prisma.
const User = z.object({
  id: z.string(),
  firstName: orNull(z.string()),
  lastName: orNull(z.string()),
  email: z.string(),
  password: orNull(z.string()),
  isAdmin: orNull(Flag),
  isActive: orNull(Flag),
  twoFactorEnabled: orNull(Flag),
  createdAt: Time,
})

const stored = { name: z.string(), size: Whole, objectName: z.string(), createdAt: Time }

const File = z.object({
  id: z.string(),
  userId: z.string(),
  folderId: orNull(z.string()),
  ...stored,
})

const Folder = z.object({
  id: z.string(),
  name: z.string(),
  parentId: orNull(z.string()),
  userId: z.string(),
})

const Share = z.object({
  id: z.string(),
  name: orNull(z.string()),
  description: orNull(z.string()),
  views: orNull(Whole),
  expiration: orNull(Time),
  createdAt: Time,
  creatorId: orNull(z.string()),
  securityId: z.string(),
})

const Security = z.object({
  id: z.string(),
  ...Conditions,
})

const Alias = z.object({ alias: z.string(), shareId: z.string() })
const Recipient = z.object({ shareId: z.string() })
/** A row of a join table of Prisma: A and B refer to two tables in the order of their names. */
const Pair = z.object({ A: z.string(), B: z.string() })

const ReverseShare = z.object({ id: z.string(), name: orNull(z.string()), creatorId: z.string() })
const ReverseFile = z.object({ id: z.string(), reverseShareId: z.string(), ...stored })

const PALMR = {
  app: "Palmr",
  places: [
    { file: "prisma/palmr.db", root: "." },
    { file: "server/prisma/palmr.db", root: "server" },
  ],
  table: "share_security",
}

export const readPalmr = (directory: string): Source & { root: string } =>
  withTables(directory, PALMR, (tables) => ({ ...readTables(tables), root: tables.root }))

function readTables({ read, leftOut }: Tables): Source {
  leftOut.push(NOT_IMPORTED)
  const members = read("users", User).map((user) => memberOf(user, leftOut))
  const folders = new Map(read("folders", Folder).map((folder) => [folder.id, folder]))
  const own = read("files", File)
  const reverse = new Map(read("reverse_shares", ReverseShare).map((one) => [one.id, one]))
  for (const { id, name } of reverse.values())
    leftOut.push({ what: `the reverse share “${name ?? id}”`, why: REVERSE_SHARES })
  const files = [
    ...own.map((row) => fileOf(row, row.userId, namesOf(folders, row.folderId))),
    ...read("reverse_share_files", ReverseFile).map((row) => {
      const received = reverse.get(row.reverseShareId)
      return fileOf(row, received?.creatorId ?? null, [received?.name || "Received files"])
    }),
  ]
  const securities = new Map(read("share_security", Security).map((one) => [one.id, one]))
  const aliases = Map.groupBy(read("share_aliases", Alias), ({ shareId }) => shareId)
  const mailed = Map.groupBy(read("share_recipients", Recipient), ({ shareId }) => shareId)
  const chosen = chosenFiles(read, { folders: [...folders.values()], files: own })

  const shares = read("shares", Share).map((row): SourceShare => {
    const to = mailed.get(row.id)?.length ?? 0
    const what = `the share “${row.name ?? row.id}”: ${to} addresses that it was mailed to`
    if (to > 0) leftOut.push({ what, why: RECIPIENTS })
    const security = securities.get(row.securityId)
    return {
      id: row.id,
      ownerId: row.creatorId,
      title: row.name ?? "",
      message: row.description ?? "",
      createdAt: row.createdAt,
      expiresAt: row.expiration,
      passwordHash: security ? security.password : DAMAGED,
      maxViews: security?.maxViews ?? null,
      views: row.views ?? 0,
      fileIds: chosen(row.id),
      linkIds: (aliases.get(row.id) ?? []).map(({ alias }) => alias),
    }
  })
  return { members, files, shares, leftOut }
}

function memberOf(user: z.infer<typeof User>, leftOut: LeftOut[]): SourceMember {
  const { id, email, createdAt, firstName, lastName, password, isAdmin, isActive } = user
  if (user.twoFactorEnabled)
    leftOut.push({ what: `the second factor of ${email}`, why: SECOND_FACTORS })
  const name = `${firstName ?? ""} ${lastName ?? ""}`
  const role = isAdmin ? "admin" : "member"
  return { id, email, createdAt, name, role, disabled: isActive === false, passwordHash: password }
}

type Stored = Pick<z.infer<typeof File>, "id" | "name" | "size" | "objectName" | "createdAt">

const fileOf = (
  { id, name, size, objectName, createdAt }: Stored,
  ownerId: string | null,
  folders: string[],
): SourceFile => ({ id, ownerId, name, folders, size, createdAt, place: placeOf(objectName) })

type Held = { folders: z.infer<typeof Folder>[]; files: z.infer<typeof File>[] }

/** Returns a function that lists the files of a share: its own, and those in its folders. */
function chosenFiles(read: Tables["read"], { folders, files }: Held) {
  const chosen = Map.groupBy(read("_ShareFiles", Pair), ({ B: share }) => share)
  const chosenFolders = Map.groupBy(read("_ShareFolders", Pair), ({ B: share }) => share)
  const inFolder = Map.groupBy(files, ({ folderId }) => folderId)
  const subfolders = Map.groupBy(folders, ({ parentId }) => parentId)
  return (share: string): string[] => {
    const all = new Set((chosenFolders.get(share) ?? []).map(({ A: folder }) => folder))
    // Iterating over a set includes elements that are added meanwhile.
    for (const folder of all) for (const { id } of subfolders.get(folder) ?? []) all.add(id)
    const below = [...all].flatMap((folder) => inFolder.get(folder) ?? [])
    const ids = (chosen.get(share) ?? []).map(({ A: file }) => file)
    return [...new Set([...ids, ...below.map(({ id }) => id)])]
  }
}

/** Returns the names of a folder and its parents, outermost first. */
function namesOf(folders: Map<string, z.infer<typeof Folder>>, id: string | null): string[] {
  const names: string[] = []
  const seen = new Set<string>()
  for (let at = id; at !== null && !seen.has(at); ) {
    seen.add(at)
    const folder = folders.get(at)
    if (!folder) break
    names.unshift(folder.name)
    at = folder.parentId
  }
  return names
}

/**
 * Up to version 3.2 Palmr kept files under uploads/, with `_` for every character but A-Z, a-z,
 * 0-9, `-`, `_`, `.` and `/`. Later versions keep them in a bucket, which may have been copied to
 * uploads/ unchanged.
 */
const placeOf = (objectName: string): Place => ({
  paths: [`uploads/${objectName}`, `uploads/${objectName.replace(/[^a-zA-Z0-9\-_./]/g, "_")}`],
  object: { bucket: null, key: objectName },
})
