import type { PreviewKind } from "#lib/rooms/files/preview-kind.ts"
import type { Branding } from "#lib/rooms/settings/branding.ts"
import type { FileCounts, SharedFile, SharedFiles } from "#lib/rooms/shares/list/shared-files.ts"

/** A page without files. Its visitor may ask for them. */
export type ClosedPage = AskingPage &
  (
    | { state: "revoked" | "expired" | "used_up" }
    /** The link is open, and all of its files were deleted. */
    | { state: "empty"; expiresAt: Date | null; downloadsLeft: number | null }
  )

type AskingPage = {
  senderName: string
  /** Empty for a share that is locked for this visitor. */
  title: string
  /** When the link was closed; null if unknown. */
  at: Date | null
  /** Whether an admin closed it. Questions then go to the admins. */
  byAdmin: boolean
  /** Whether its limit counts viewers, because no files may be downloaded. */
  viewOnly: boolean
  /** Whose link it is. That of an erased recipient cannot be opened again. */
  madeFor: "anyone" | "recipient" | "erased"
  /** The database's time. */
  now: Date
  asking: Asking
}

type Asking = {
  /** When this browser last asked. */
  askedAt: Date | null
  /** The note that the visitor wrote but that was not sent. */
  note: string
  /** Why the note was not sent; null if it was, or if there is none. */
  problem: "too_long" | "unavailable" | null
  /** When the visitor may ask again. */
  retryAt: Date | null
}

export type LinkPage = PageOfState & {
  /**
   * The installation's branding; left out if nothing is set, and for an unknown link. A logo that is
   * not saved is a data URL.
   */
  branding?: Branding
}

export type OpenPage = Extract<LinkPage, { state: "open" }>

type PageOfState =
  | { state: "unknown" }
  | ClosedPage
  | {
      state: "scheduled"
      senderName: string
      title: string
      startsAt: Date
      now: Date
      /** Null before the password, and if there are more files than a page lists. */
      counts: FileCounts | null
    }
  /** The page of a locked share shows nothing else. */
  | {
      state: "locked"
      senderName: string
      /** The address, shortened, to which the code goes that the page asks for; null for a password. */
      code: { address: string; isSent: boolean } | null
      error: "password" | "code" | null
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
      expiresAt: Date | null
      /** All files in the share's order, or those in `part` in the order of its tree. */
      files: LinkFile[]
      counts: FileCounts
      /** Null if the page lists all files. */
      part: FilesPart | null
      /** Null without a limit. */
      downloadsLeft: number | null
      hasTicket: boolean
      canPreview: boolean
      /** Whether no file may be downloaded. */
      viewOnly: boolean
      /** Whether previews show the recipient's name, or else the sender's, and the time. */
      watermark: boolean
      /** The person for whom the link was made; null if it is for anyone. */
      recipient: string | null
      /** Whether this visitor can see previews only after a claim. */
      needsClaim: boolean
    }

/** Folder totals and counts of a share whose page lists only some of the files. */
export type FilesPart = Pick<SharedFiles, "folders" | "found" | "hasMore">

export type LinkFile = SharedFile & {
  /** The kind of its preview; null if it has none or the share has no previews. */
  preview: PreviewKind | null
}
