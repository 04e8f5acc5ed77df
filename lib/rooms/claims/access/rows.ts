/** The columns that decide how long a URL is valid. */
export type LifetimeRow = {
  now: Date
  expires_at: Date | null
  mint_ttl_seconds: number | null
  max_ttl_seconds: number
}

/** The columns that a ticket is bound to. */
export type TicketRow = { link_id: string; proof_version: number; ticket_epoch: number }

/** A file that may be signed. */
export type FileRow = {
  file_id: string
  name: string
  content_type: string
  size: string
  key: string
  colour: string | null
}

/** One of many files, with the details that an archive needs; columns are null without one. */
export type WantedRow = { file_id: null } | WantedFile
type WantedFile = FileRow & {
  path: string
  sha256: string | null
  sha256_verified: boolean
  /** The position in the share, because the statements do not sort. */
  position: number
}

/** A file whose URL may be signed. */
export type GrantedFile = {
  id: string
  name: string
  contentType: string
  size: number
  key: string
  /** The colour whose key signs; null for the app's key. */
  colour: string | null
  /** The details that an archive of many files needs; a single click does not request them. */
  details?: FileDetails
}

type FileDetails = {
  /** The file's folder, or "". */
  path: string
  /** The hash computed by the sender's browser; null if there is none. */
  sha256: string | null
  /** Whether the store compared the hash with the bytes. */
  sha256Verified: boolean
}

export function fileOf(row: FileRow): GrantedFile {
  const { file_id: id, name, content_type: contentType, size, key, colour } = row
  return { id, name, contentType, size: Number(size), key, colour }
}

/** Returns the files of rows in the share's order. */
export function filesOf(rows: WantedRow[]): GrantedFile[] {
  const files = rows.filter((row): row is WantedFile => row.file_id !== null)
  return files
    .toSorted((a, b) => a.position - b.position)
    .map((row) => {
      const { path, sha256, sha256_verified: sha256Verified } = row
      return { ...fileOf(row), details: { path, sha256, sha256Verified } }
    })
}
