import type { ShareView } from "#lib/rooms/shares/share.ts"

/** How many questions of a share are kept with their notes; more are only counted. */
export const QUESTIONS_KEPT = 20

export type QuestionView = {
  id: string
  /** Empty if none was written. */
  note: string
  /** Whose link it came by; null for the open link. */
  recipient: string | null
  /** The client in a few words: "Chrome on Android". */
  agent: string | null
  /** ISO 8601 UTC. */
  at: string
}

/** The unanswered questions about a share, newest first. */
export type Questions = {
  items: QuestionView[]
  /** The number of questions, including those that are not kept. */
  count: number
}

/** A share that has questions. */
export type AskedShare = Pick<ShareView, "id" | "title" | "name" | "fileCount"> & {
  questions: number
}

const EXTRA_DAYS = 2
export const EXTRA_DOWNLOADS = 3

/** The changes that answer a question: only those needed to open the share again. */
type Reopening = {
  /** Whether to undo the owner's revocation. */
  restore: boolean
  /** The number of days from now until the share ends; 0 to keep its end. */
  days: number
  /** The number of downloads in addition to those already counted; 0 to keep its limit. */
  downloads: number
}

type Closed = Pick<ShareView, "status" | "maxDownloads" | "downloads">

export function reopeningOf(share: Closed, maxShareDays: number | null): Reopening {
  const { status, maxDownloads, downloads } = share
  const isUsedUp = maxDownloads !== null && downloads >= maxDownloads
  return {
    restore: status === "revoked",
    days: status === "used_up" ? 0 : Math.min(EXTRA_DAYS, maxShareDays ?? EXTRA_DAYS),
    downloads: isUsedUp ? EXTRA_DOWNLOADS : 0,
  }
}
