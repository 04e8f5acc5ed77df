/** One file of a statement's answer; all columns are null if no file matched. */
export type FileRow = {
  file_id: string | null
  name: string
  path: string
  sha256: string | null
  sha256_verified: boolean
  content_type: string
  size: string
  file_status: "uploading" | "ready" | "abandoned"
  deleted: boolean
  key: string | null
  colour: string | null
  /** The statements do not sort: most clicks have one file. */
  position: number
}

/** The columns that decide how long a URL lives. */
export type LifetimeRow = {
  now: Date
  expires_at: Date | null
  mint_ttl_seconds: number | null
  max_ttl_seconds: number
}

export type ShareRow = LifetimeRow & {
  share_id: string
  status: "open" | "scheduled" | "expired" | "revoked" | "used_up"
  starts_at: Date | null
  signable: boolean
}

/** The columns that a ticket is bound to. */
export type TicketRow = { link_id: string; password_version: number; ticket_epoch: number }

/** One file that was granted by a statement that many clicks share. */
export type GrantedRow = LifetimeRow & {
  /** In the arrays, from 1. */
  place: number
  share_id: string
  file_id: string
  name: string
  content_type: string
  size: string
  key: string
  colour: string | null
}

/** The same of a claim, which gives a ticket. */
export type ClaimedRow = GrantedRow & TicketRow

/** A file whose URL may be signed. */
export type GrantedFile = {
  id: string
  name: string
  contentType: string
  size: number
  key: string
  /** The key that signs; null: the app's. */
  colour: string | null
  /** What an archive of many files needs; a single click does not ask for it. */
  details?: FileDetails
}

export type FileDetails = {
  /** Its folder, or "". */
  path: string
  /** As the sender's browser computed it; null where none did. */
  sha256: string | null
  /** Whether the store compared it with the bytes. */
  sha256Verified: boolean
}

/** The files among the rows that are ready, in the order of the share. */
export function readyFiles(rows: FileRow[]): GrantedFile[] {
  const sorted = rows.length < 2 ? rows : rows.toSorted((a, b) => a.position - b.position)
  return sorted.flatMap(ready)
}

function ready(row: FileRow): GrantedFile[] {
  const { file_id, key, colour, name, content_type, size } = row
  if (!file_id || !key || row.deleted || row.file_status !== "ready") return []
  const { path, sha256, sha256_verified: sha256Verified } = row
  const details = { path, sha256, sha256Verified }
  return [
    { id: file_id, key, colour, name, contentType: content_type, size: Number(size), details },
  ]
}
