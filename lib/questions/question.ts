import type { ShareView } from "#lib/shares/share.ts"

/** Questions of a share that are kept with their notes until they are answered; more are counted. */
export const QUESTIONS_KEPT = 20

/** A question as its reader sees it. */
export type QuestionView = {
  id: string
  /** Empty: none was written. */
  note: string
  /** Coarse: "Chrome on Android". */
  agent: string | null
  /** ISO 8601 UTC. */
  at: string
}

/** The unanswered questions about a share, newest first. */
export type Questions = {
  items: QuestionView[]
  /** All of them, those too that are not kept. */
  count: number
}

/** A share about which there are questions. */
export type AskedShare = Pick<ShareView, "id" | "title" | "files" | "fileCount"> & {
  questions: number
}

const EXTRA_DAYS = 2
const EXTRA_DOWNLOADS = 3

/** What one click on a question gives: what keeps the share from opening, and no more. */
export type Reopening = {
  /** Whether its owner's revoke is undone. */
  restore: boolean
  /** For how many days from now it opens; 0: its end stays. */
  days: number
  /** How many downloads more than those that were counted; 0: its limit stays. */
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
