import type {
  LeftOut,
  SourceFile,
  SourceMember,
  SourceShare,
} from "#lib/rooms/imports/sources/source.ts"
import type { Bytes } from "./find-bytes.ts"

export type Hash = Uint8Array<ArrayBuffer>

/** Its password hash is null for a member who needs a link to choose a password. */
export type NewMember = Omit<SourceMember, "id">

export type NewFile = {
  source: SourceFile
  /** Its description in a report: its name, owner and share. */
  what: string
  /** The address of its owner, who is a member or will be one. */
  owner: string
  bytes: Bytes
  hash: Hash
  /** Its unfinished file from an interrupted import, which is replaced. */
  unfinishedId: string | null
}

/** A file of a share: its id in the app, and its id in Lapse if it is here already. */
export type FileOfShare = { sourceId: string; fileId: string | null }

export type NewShare = {
  source: SourceShare
  owner: string
  hash: Hash
  /** The share that an earlier import made, and that gets the files which were missing then. */
  shareId: string | null
  files: FileOfShare[]
  /** The hashes of its old links. */
  links: Hash[]
  /** Whether its password's hash cannot be kept, so that nobody can open it. */
  losesPassword: boolean
}

export type ImportPlan = {
  members: NewMember[]
  files: NewFile[]
  shares: NewShare[]
  /** How many members, files and shares exist already. */
  here: { members: number; files: number; shares: number }
  leftOut: LeftOut[]
  /** Members whose files will take more than their quota, in bytes. */
  overQuota: { email: string; bytes: number; quota: number }[]
}

export type LeaveOut = (what: string, why: string) => void
