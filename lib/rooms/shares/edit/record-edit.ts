import "server-only"
import { sql, type Tx } from "#lib/adapters/database.ts"
import type { OwnerId } from "#lib/rooms/accounts/member.ts"
import { findAct } from "#lib/rooms/audit/find-act.ts"
import { type AuditDetails, recordAudit } from "#lib/rooms/audit/record-audit.ts"
import type { ShareKind } from "#lib/rooms/shares/share.ts"
import { shareDetails } from "#lib/rooms/shares/share-details.ts"
import type { Opening } from "./allowed-conditions.ts"

export type Edited = Omit<Opening, "unverified"> & {
  title: string
  message: string
  direct: boolean
  preview: boolean
  viewOnly: boolean
  watermark: boolean
  notices: boolean
  everyDownload: boolean
  mintTtlSeconds: number | null
  maxDownloads: number | null
}

/** Other conditions of the share, with their old and new values. */
export type Also = { before: AuditDetails; after: AuditDetails }

/** Conditions whose values no entry has. */
const UNRECORDED = ["message", "password", "slug"]

type Edit = {
  owner: OwnerId
  shareId: string
  kind: ShareKind
  before: Edited
  after: Edited
  also: Also | undefined
}

/**
 * Writes the audit entry of an edit in its transaction: the changed conditions with their old and
 * new values, except for the message and what opens the link. An edit that changes nothing has no entry. Further
 * edits by the same person within a minute are parts of the first one, which the audit page lists.
 */
export async function recordEdit(
  tx: Tx,
  { owner, shareId, kind, before, after, also }: Edit,
): Promise<void> {
  const old = { ...described(before), ...also?.before }
  const now = { ...described(after), ...also?.after }
  const changed = Object.keys(now).filter((name) => now[name] !== old[name])
  if (changed.length === 0) return
  const values = changed
    .filter((name) => !UNRECORDED.includes(name))
    .flatMap((name) => [
      [name, now[name] ?? null],
      [`${name}Before`, old[name] ?? null],
    ])
  const details: AuditDetails = {
    ...shareDetails({ title: after.title, kind }),
    changed: changed.join(" "),
    ...Object.fromEntries(values),
  }
  const entry = { actorId: owner, action: `${kind}.edit`, targetId: shareId, details }
  const actId = await findAct(tx, { ...entry, like: sql`target_id = ${shareId}` })
  await recordAudit(tx, { ...entry, ...(actId !== undefined && { actId }) })
}

function described({ startsAt, expiresAt, passwordHash, ...edited }: Edited): AuditDetails {
  return {
    title: edited.title,
    message: edited.message,
    startsAt: startsAt?.toISOString() ?? null,
    expiresAt: expiresAt?.toISOString() ?? null,
    password: passwordHash,
    maxDownloads: edited.maxDownloads,
    direct: edited.direct,
    preview: edited.preview,
    viewOnly: edited.viewOnly,
    watermark: edited.watermark,
    notices: edited.notices,
    everyDownload: edited.everyDownload,
    mintTtlSeconds: edited.mintTtlSeconds,
  }
}
