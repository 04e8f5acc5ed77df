import type { ShareView } from "#lib/rooms/shares/share.ts"

/**
 * How many questions of a share are kept with their notes until they are answered; more are only
 * counted.
 */
export const QUESTIONS_KEPT = 20

/** A question as its reader sees it. */
export type QuestionView = {
  id: string
  /** Empty if none was written. */
  note: string
  /** A coarse name: "Chrome on Android". */
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

/** A share about which there are questions. */
export type AskedShare = Pick<ShareView, "id" | "title" | "name" | "fileCount"> & {
  questions: number
}

const EXTRA_DAYS = 2
const EXTRA_DOWNLOADS = 3

/**
 * The answer that one click on a question gives: it removes only what keeps the share from opening.
 */
export type Reopening = {
  /** Whether the owner's revoke is undone. */
  restore: boolean
  /** The number of days from now that it stays open; 0 keeps its end. */
  days: number
  /** The number of downloads beyond those that were counted; 0 keeps its limit. */
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
