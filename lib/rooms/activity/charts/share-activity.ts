import "server-only"
import { readCursor, writeCursor } from "#lib/adapters/database/list-page.ts"
import type { OwnerId } from "#lib/rooms/accounts/member.ts"
import {
  type BotFetches,
  EVENTS_READ,
  type FileNames,
  type Receipt,
  type ShareActivity,
} from "#lib/rooms/activity/receipt.ts"
import { ownHost } from "#lib/rooms/claims/visitor/visitor-source.ts"
import type { FileView } from "#lib/rooms/files/file.ts"
import { noSuchShare, shareIdOrRefuse } from "#lib/rooms/shares/require-share.ts"
import { readActivity } from "./activity-statement.ts"

type Asked = {
  /** The files of the share, in the share's order. */
  files: Pick<FileView, "id" | "name" | "status">[]
  /** The share's counter of views, as it was read before. */
  views: number
  cursor?: string | undefined
  limit: number
  /** The maximum number of latest events to read. */
  most?: number
}

type ReceiptRow = Omit<
  Receipt,
  "lastAt" | "taken" | "neverTaken" | "lookedAt" | "takenGone" | "isComplete"
> & {
  place: string
  eventId: string
  /** When the visitor last downloaded all files. */
  allAt: string | null
  taken: string[]
  /** The number of files that were downloaded with all files and are no longer in the share. */
  takenGone: number
  lookedAt: string[]
}

type Row = {
  visitors: number
  /** Whether there may be more events than were read. */
  isCut: boolean
  views: number
  oldest: Date | null
  takers: [fileId: string, takers: number][]
  /** Files that became ready only after a visitor on this page had downloaded all files. */
  late: [fileId: string, readyAt: string][]
  receipts: ReceiptRow[]
  bots: BotFetches[]
}

/**
 * Returns the activity on the owner's share by visitor and day, newest first, and the numbers
 * computed from its events. Refuses `not_found`.
 */
export async function shareActivity(
  owner: OwnerId,
  shareId: string,
  { files, views, cursor, limit, most = EVENTS_READ }: Asked,
): Promise<ShareActivity> {
  const after = cursor ? readCursor(cursor) : null
  const [row] = await readActivity<Row>({
    owner,
    shareId: shareIdOrRefuse(shareId),
    most,
    limit: limit + 1,
    afterAt: after?.at ?? null,
    afterId: after?.id ?? null,
    ownHost: ownHost(),
  })
  if (!row) throw noSuchShare()
  const page = row.receipts.slice(0, limit)
  const last = row.receipts.length > limit ? page.at(-1) : undefined
  const areDeleted = !row.isCut && row.views < views
  const since = ((row.isCut || areDeleted) && row.oldest?.toISOString()) || null
  const ready = files.filter(({ status }) => status === "ready")
  const share = {
    ready,
    present: new Set(ready.map(({ id }) => id)),
    late: new Map(row.late),
    since,
  }
  return {
    visitors: row.visitors,
    takers: new Map(row.takers),
    receipts: page.map((each) => receiptOf(each, share)),
    nextCursor: last ? writeCursor({ at: last.place, id: last.eventId }) : null,
    bots: row.bots,
    since,
    areDeleted,
  }
}

type Share = {
  ready: Asked["files"]
  present: Set<string>
  late: Map<string, string>
  since: string | null
}

function receiptOf(row: ReceiptRow, { ready, present, late, since }: Share): Receipt {
  const { place, eventId: _, allAt, taken, takenGone, lookedAt, ...rest } = row
  const named = new Set(taken)
  const isTaken = ({ id }: { id: string }) => {
    const readyAt = late.get(id)
    return named.has(id) || (allAt !== null && !(readyAt && new Date(readyAt) > new Date(allAt)))
  }
  const looked = new Set(lookedAt)
  const isComplete = since === null || place.slice(0, 10) !== since.slice(0, 10)
  return {
    ...rest,
    lastAt: place,
    taken: namesOf(ready.filter(isTaken)),
    neverTaken: namesOf(isComplete ? ready.filter((file) => !isTaken(file)) : []),
    lookedAt: namesOf(ready.filter(({ id }) => looked.has(id))),
    takenGone: takenGone + taken.filter((id) => !present.has(id)).length,
    isComplete,
  }
}

const NAMES_SHOWN = 3

const namesOf = (files: { name: string }[]): FileNames => ({
  names: files.slice(0, NAMES_SHOWN).map(({ name }) => name),
  count: files.length,
})
