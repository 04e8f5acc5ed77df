import { randomUUID } from "node:crypto"
import { mkdirSync, writeFileSync } from "node:fs"
import path from "node:path"
import { DAY } from "#testing/units.ts"
import { aSqlite, type Row } from "./a-sqlite.ts"

// The tables of Pingvin Share 1.13 that an import reads, as its public schema declares them, with
// the additions of Pingvin Share X.
const TABLES = {
  User: `id TEXT PRIMARY KEY, createdAt DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updatedAt DATETIME NOT NULL, username TEXT NOT NULL UNIQUE, email TEXT NOT NULL UNIQUE,
    password TEXT, isAdmin BOOLEAN NOT NULL DEFAULT false, ldapDN TEXT UNIQUE,
    isActivated BOOLEAN NOT NULL DEFAULT true,
    totpEnabled BOOLEAN NOT NULL DEFAULT false, totpVerified BOOLEAN NOT NULL DEFAULT false,
    totpSecret TEXT`,
  Share: `id TEXT PRIMARY KEY, createdAt DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP, name TEXT,
    uploadLocked BOOLEAN NOT NULL DEFAULT false, isZipReady BOOLEAN NOT NULL DEFAULT false,
    views INTEGER NOT NULL DEFAULT 0, expiration DATETIME NOT NULL, description TEXT,
    removedReason TEXT, creatorId TEXT, reverseShareId TEXT,
    storageProvider TEXT NOT NULL DEFAULT 'LOCAL'`,
  ReverseShare: `id TEXT PRIMARY KEY, createdAt DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    token TEXT NOT NULL UNIQUE, shareExpiration DATETIME NOT NULL, maxShareSize TEXT NOT NULL,
    sendEmailNotification BOOLEAN NOT NULL, remainingUses INTEGER NOT NULL,
    simplified BOOLEAN NOT NULL DEFAULT false, publicAccess BOOLEAN NOT NULL DEFAULT true,
    creatorId TEXT NOT NULL`,
  ShareRecipient: "id TEXT PRIMARY KEY, email TEXT NOT NULL, shareId TEXT NOT NULL",
  File: `id TEXT PRIMARY KEY, createdAt DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    name TEXT NOT NULL, size TEXT NOT NULL, shareId TEXT NOT NULL`,
  ShareSecurity: `id TEXT PRIMARY KEY, createdAt DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    password TEXT, maxViews INTEGER, restrictToRecipients BOOLEAN NOT NULL DEFAULT false,
    shareId TEXT UNIQUE`,
  Config: `updatedAt DATETIME NOT NULL, name TEXT NOT NULL, category TEXT NOT NULL,
    type TEXT NOT NULL, defaultValue TEXT NOT NULL DEFAULT '', value TEXT,
    obscured BOOLEAN NOT NULL DEFAULT false, secret BOOLEAN NOT NULL DEFAULT true,
    locked BOOLEAN NOT NULL DEFAULT false, "order" INTEGER NOT NULL, PRIMARY KEY (name, category)`,
}

const CREATED = Date.parse("2024-05-06T07:08:09Z")

type Shared = Row & { id?: string }

/** Makes the data directory of a Pingvin Share, to be filled. */
export function aPingvin(directory: string) {
  const tables = aSqlite(path.join(directory, "pingvin-share.db"), TABLES)
  const { insert } = tables
  const pingvin = {
    ...tables,
    directory,
    user(row: Row = {}) {
      const id = randomUUID()
      insert("User", {
        id,
        createdAt: CREATED,
        updatedAt: CREATED,
        username: id.slice(0, 8),
        email: `${id}@example.org`,
        ...row,
      })
      return id
    },
    /** A completed share with files of these contents, by name. */
    share(
      { id = randomUUID().slice(0, 8), ...row }: Shared = {},
      files: Record<string, string> = { "a.txt": "a" },
    ) {
      insert("Share", {
        id,
        createdAt: CREATED,
        expiration: Date.now() + DAY,
        uploadLocked: 1,
        ...row,
      })
      for (const [name, bytes] of Object.entries(files)) pingvin.file(id, name, bytes)
      return id
    },
    file(shareId: string, name: string, bytes: string) {
      const id = randomUUID()
      insert("File", {
        id,
        createdAt: CREATED,
        name,
        size: String(Buffer.byteLength(bytes)),
        shareId,
      })
      const folder = path.join(directory, "uploads/shares", shareId)
      mkdirSync(folder, { recursive: true })
      writeFileSync(path.join(folder, id), bytes)
      return id
    },
    security(shareId: string, row: Row) {
      insert("ShareSecurity", { id: randomUUID(), createdAt: CREATED, shareId, ...row })
    },
    reverseShare(creatorId: string, row: Row = {}) {
      const id = randomUUID()
      insert("ReverseShare", {
        id,
        token: randomUUID(),
        shareExpiration: CREATED,
        maxShareSize: "1000",
        sendEmailNotification: 0,
        remainingUses: 1,
        creatorId,
        ...row,
      })
      return id
    },
    s3(settings: Record<string, string>) {
      for (const [name, value] of Object.entries(settings))
        insert("Config", {
          updatedAt: CREATED,
          name,
          category: "s3",
          type: "string",
          value,
          order: 0,
        })
    },
  }
  return pingvin
}
