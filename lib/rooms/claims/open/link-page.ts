import type { Branding } from "#lib/rooms/settings/branding.ts"
import type { FileCounts, SharedFile, SharedFiles } from "#lib/rooms/shares/list/shared-files.ts"
import type { PreviewKind } from "../preview-kind.ts"

/** A page without files, whose visitor may ask for them. */
export type ClosedPage = AskingPage &
  (
    | { state: "revoked" | "expired" | "used_up" }
    /** The link is open, and all of its files were deleted. */
    | { state: "empty"; expiresAt: Date | null; downloadsLeft: number | null }
  )

type AskingPage = {
  senderName: string
  /** Empty for a share that is still locked for this visitor. */
  title: string
  /** When the link was closed; null if that is not known. */
  at: Date | null
  /** Whether an admin closed it; questions then go to the admins. */
  byAdmin: boolean
  /** Whether its limit counts viewers, because no file may be downloaded. */
  viewOnly: boolean
  /** The database's time. */
  now: Date
  asking: Asking
}

/** The form that asks the owner for the files of a link. */
export type Asking = {
  /** The time when this browser last asked. */
  askedAt: Date | null
  /** The note that the visitor wrote and that was not sent. */
  note: string
  /** Why the note was not sent; null if it was, or if there is none. */
  problem: "too_long" | "unavailable" | null
  /** The time until which the visitor has to wait. */
  retryAt: Date | null
}

/** The content of a visitor's page. */
export type LinkPage = PageOfState & {
  /**
   * The branding of this installation. It is left out if nothing is set, and for an unknown link.
   */
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
      /** The title, or the name of the first file. */
      name: string
      message: string
      /** The database's time. */
      now: Date
      /** Null if it never lapses. */
      expiresAt: Date | null
      /** All files in the share's order, or those of `part` in the order of its tree. */
      files: LinkFile[]
      /** The counts of all files. */
      counts: FileCounts
      /** Null if the page lists all files. */
      part: FilesPart | null
      /** Null without a limit. */
      downloadsLeft: number | null
      hasTicket: boolean
      /** Whether files may be viewed. */
      canPreview: boolean
      /** Whether no file may be downloaded. */
      viewOnly: boolean
      /**
       * Whether previews show the recipient's name, or the sender's if there is none, and the time.
       */
      watermark: boolean
      /** The person for whom the link was made; null for anyone. */
      recipient: string | null
      /** Whether this visitor's previews are refused until a claim. */
      needsClaim: boolean
    }

/** Folder totals and counts of a share of which the page lists only a part. */
export type FilesPart = Pick<SharedFiles, "folders" | "found" | "hasMore">

export type LinkFile = SharedFile & {
  /** The kind of its preview; null if it has none, or if the share has no previews. */
  preview: PreviewKind | null
}
