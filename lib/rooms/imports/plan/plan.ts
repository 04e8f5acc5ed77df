import type {
  LeftOut,
  SourceFile,
  SourceMember,
  SourceShare,
} from "#lib/rooms/imports/sources/source.ts"
import type { Bytes } from "./find-bytes.ts"

export type Hash = Uint8Array<ArrayBuffer>

/** The password hash is null for a member who needs a link to set a password. */
export type NewMember = Omit<SourceMember, "id">

export type NewFile = {
  source: SourceFile
  /** Its description in a report: its name, owner and share. */
  what: string
  /** The address of its owner, who is a member or will be one. */
  owner: string
  bytes: Bytes
  hash: Hash
  /** The unfinished file from an interrupted import, which is replaced. */
  unfinishedId: string | null
}

/** A file of a share: its id in the app, and its id in Lapse if it already exists there. */
export type FileOfShare = { sourceId: string; fileId: string | null }

export type NewShare = {
  source: SourceShare
  owner: string
  hash: Hash
  /** The share from an earlier import that gets the files which were missing then. */
  shareId: string | null
  files: FileOfShare[]
  links: Hash[]
  /** Whether its password cannot be imported, so that the share stays closed. */
  losesPassword: boolean
}

export type ImportPlan = {
  members: NewMember[]
  files: NewFile[]
  shares: NewShare[]
  /** How many members, files and shares already exist. */
  here: { members: number; files: number; shares: number }
  leftOut: LeftOut[]
  /** Members whose files will exceed their quota, in bytes. */
  overQuota: { email: string; bytes: number; quota: number }[]
}

export type LeaveOut = (what: string, why: string) => void
