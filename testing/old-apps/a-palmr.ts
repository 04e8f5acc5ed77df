import { randomBytes } from "node:crypto"
import { mkdirSync, writeFileSync } from "node:fs"
import path from "node:path"
import { aSqlite, type Row } from "./a-sqlite.ts"

const dated = "createdAt DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP, updatedAt DATETIME NOT NULL"
const stored = `name TEXT NOT NULL, description TEXT, extension TEXT NOT NULL, size BIGINT NOT NULL,
  objectName TEXT NOT NULL`

// The tables of Palmr 3.3 that an import reads, as its public schema declares them.
const TABLES = {
  users: `id TEXT PRIMARY KEY, firstName TEXT NOT NULL, lastName TEXT NOT NULL,
    username TEXT NOT NULL UNIQUE, email TEXT NOT NULL UNIQUE, password TEXT, image TEXT,
    isAdmin BOOLEAN NOT NULL DEFAULT false, isActive BOOLEAN NOT NULL DEFAULT true, ${dated}`,
  folders: `id TEXT PRIMARY KEY, name TEXT NOT NULL, description TEXT, objectName TEXT NOT NULL,
    parentId TEXT, userId TEXT NOT NULL, ${dated}`,
  files: `id TEXT PRIMARY KEY, ${stored}, userId TEXT NOT NULL, folderId TEXT, ${dated}`,
  shares: `id TEXT PRIMARY KEY, name TEXT, views INTEGER NOT NULL DEFAULT 0, expiration DATETIME,
    description TEXT, creatorId TEXT, securityId TEXT NOT NULL UNIQUE, ${dated}`,
  share_security: `id TEXT PRIMARY KEY, password TEXT, maxViews INTEGER, ${dated}`,
  share_recipients: `id TEXT PRIMARY KEY, email TEXT NOT NULL, shareId TEXT NOT NULL, ${dated}`,
  share_aliases: `id TEXT PRIMARY KEY, alias TEXT NOT NULL UNIQUE, shareId TEXT NOT NULL UNIQUE, ${dated}`,
  reverse_shares: `id TEXT PRIMARY KEY, name TEXT, description TEXT, expiration DATETIME,
    isActive BOOLEAN NOT NULL DEFAULT true, creatorId TEXT NOT NULL, ${dated}`,
  reverse_share_files: `id TEXT PRIMARY KEY, ${stored}, uploaderEmail TEXT, uploaderName TEXT,
    reverseShareId TEXT NOT NULL, ${dated}`,
  _ShareFiles: `"A" TEXT NOT NULL, "B" TEXT NOT NULL`,
  _ShareFolders: `"A" TEXT NOT NULL, "B" TEXT NOT NULL`,
}

const CREATED = Date.parse("2025-05-06T07:08:09Z")
const TIMES = { createdAt: CREATED, updatedAt: CREATED }
/** An id in the form of a cuid. */
const newCuid = () => `c${randomBytes(12).toString("hex")}`

type Stored = {
  userId: string
  name: string
  bytes?: string
  folderId?: string
  objectName?: string
}

type Sharing = { files?: string[]; folders?: string[]; security?: Row; alias?: string }

/** Makes the data directory of a Palmr, to be filled. */
export function aPalmr(directory: string) {
  const tables = aSqlite(path.join(directory, "prisma/palmr.db"), TABLES)
  const insert = (table: string, row: Row) => {
    const id = newCuid()
    tables.insert(table, { id, ...TIMES, ...row })
    return typeof row.id === "string" ? row.id : id
  }
  return {
    ...tables,
    insert,
    directory,
    user: (row: Row = {}) =>
      insert("users", {
        firstName: "Grace",
        lastName: "Hopper",
        username: newCuid(),
        email: `${newCuid()}@example.org`,
        ...row,
      }),
    folder: (userId: string, name: string, parentId: string | null = null) =>
      insert("folders", { userId, name, parentId, objectName: `${userId}/${name}` }),
    /** A file with its bytes under uploads/, as Palmr kept them up to 3.2. */
    file({ userId, name, bytes = "some bytes", folderId, objectName }: Stored) {
      const object = objectName ?? `${userId}/1700000000000-${newCuid().slice(0, 6)}-${name}`
      const file = path.join(directory, "uploads", object.replace(/[^a-zA-Z0-9\-_./]/g, "_"))
      mkdirSync(path.dirname(file), { recursive: true })
      writeFileSync(file, bytes)
      return insert("files", {
        userId,
        name,
        extension: name.split(".").at(-1) ?? "",
        size: Buffer.byteLength(bytes),
        objectName: object,
        folderId: folderId ?? null,
      })
    },
    share(row: Row, { files = [], folders = [], security = {}, alias }: Sharing = {}) {
      const securityId = insert("share_security", security)
      const id = insert("shares", { ...row, securityId })
      for (const file of files) tables.insert("_ShareFiles", { A: file, B: id })
      for (const folder of folders) tables.insert("_ShareFolders", { A: folder, B: id })
      if (alias) insert("share_aliases", { alias, shareId: id })
      return id
    },
  }
}
