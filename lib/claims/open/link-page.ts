import type { Branding } from "#lib/settings/branding.ts"
import type { FileCounts, SharedFile, SharedFiles } from "#lib/shares/list/shared-files.ts"
import type { PreviewKind } from "../look/preview-kind.ts"

/** The page of a link that is over. */
export type ClosedPage = {
  state: "revoked" | "expired" | "used_up"
  senderName: string
  /** Empty for a share that is still locked for this visitor. */
  title: string
  at: Date | null
  /** Whether an admin ended it: questions go to the admins. */
  byAdmin: boolean
  /** The database's time. */
  now: Date
  asking: Asking
}

/** The form that asks for a link to be opened again. */
export type Asking = {
  /** When this browser asked last. */
  askedAt: Date | null
  /** What was written and not sent. */
  note: string
  /** Why it was not sent. */
  problem: "too_long" | "unavailable" | null
  /** Until when the visitor has to wait. */
  retryAt: Date | null
}

/** What a visitor's page shows. */
export type LinkPage = PageOfState & {
  /** Of who runs this installation. Left out where nothing is set, and of an unknown link. */
  branding?: Branding
}

export type OpenPage = Extract<LinkPage, { state: "open" }>

type PageOfState =
  | { state: "unknown" }
  | ClosedPage
  | { state: "scheduled"; senderName: string; title: string; startsAt: Date; now: Date }
  /** A locked share shows nothing else. */
  | {
      state: "locked"
      senderName: string
      error: "password" | null
      retryAt: Date | null
      now: Date
    }
  | {
      state: "open"
      senderName: string
      title: string
      message: string
      /** The database's time. */
      now: Date
      /** Null: it never lapses. */
      expiresAt: Date | null
      /** All files in the share's order, or those of `part` in the order of its tree. */
      files: LinkFile[]
      /** Of all files. */
      counts: FileCounts
      /** Null: the page lists all files. */
      part: FilesPart | null
      /** Null: no limit. */
      downloadsLeft: number | null
      hasTicket: boolean
      /** Whether files may be looked at. */
      canPreview: boolean
      /** No file may be downloaded. */
      viewOnly: boolean
      /** Whether previews show the reader's name and the time. */
      watermark: boolean
      /** Whom the link was made for; null: anyone. */
      recipient: string | null
      /** Whether this visitor's previews are refused until a claim. */
      needsClaim: boolean
    }

/** Folder totals and counts of a share of which the page lists a part. */
export type FilesPart = Pick<SharedFiles, "folders" | "found" | "hasMore">

export type LinkFile = SharedFile & {
  /** How it can be looked at; null: not at all, or the share has no previews. */
  preview: PreviewKind | null
}
