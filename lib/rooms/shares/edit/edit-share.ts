import "server-only"
import { configuration } from "#lib/adapters/configuration.ts"
import { db, rawSql, sql, type Tx } from "#lib/adapters/database.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import type { Actor, OwnerId } from "#lib/rooms/accounts/member.ts"
import { hashPassword } from "#lib/rooms/accounts/sign-in/password.ts"
import { nameShares } from "#lib/rooms/files/name-shares.ts"
import { isCapped, lockSettings } from "#lib/rooms/settings/read-settings.ts"
import type { Settings } from "#lib/rooms/settings/setting.ts"
import { provisionalExposure, settleExposure } from "#lib/rooms/shares/exposure.ts"
import { refuseUnreadable } from "#lib/rooms/shares/list/share-reading.ts"
import { noSuchShare, requireShare, shareIdOrRefuse } from "#lib/rooms/shares/require-share.ts"
import type { ShareEdit, ShareKind, ShareView } from "#lib/rooms/shares/share.ts"
import { claimsOf, isUnverified, versionOf } from "#lib/rooms/shares/share-sql.ts"
import {
  type Opening,
  refuseAgainstSettings,
  refuseOpening,
  settingsOf,
} from "./allowed-conditions.ts"
import { changeFiles, chosenFiles, lockFiles } from "./change-files.ts"
import { type Also, type Edited, recordEdit } from "./record-edit.ts"
import { settleQuestions } from "./settle-questions.ts"
import { givenEnd, refuseBadTimes } from "./share-times.ts"

type Before = Edited &
  Opening & {
    revokedAt: Date | null
    maxTtlSeconds: number
    claims: bigint
    otherClaims: number
    version: string
    /** The database's time. */
    now: Date
  }

/**
 * Changes a share. A key that is left out keeps its value, null clears it, and an end in the past
 * means now. Adds and removes files: no later request can open removed ones. A revoked share stays
 * revoked. Refuses `not_found`, (conflict) another version of the share than the edit is based on,
 * (invalid) impossible times, and (not_allowed) a change that violates the settings more than
 * before, or reopens a used-up share that violates them.
 */
export async function editShare(actor: Actor, id: string, edit: ShareEdit): Promise<ShareView> {
  const shareId = shareIdOrRefuse(id)
  const { owner } = actor
  const { password, addFileIds, addFolder, removeFileIds = [], ...rest } = edit
  // Hashed before the row is locked, because hashing is slow.
  const passwordHash = password
    ? await hashPassword(password, { queue: "members", from: owner })
    : password

  const closed = await db.$transaction(async (tx) => {
    const add = await chosenFiles(tx, owner, { fileIds: addFileIds, folder: addFolder })
    await lockFiles(tx, owner, [...add, ...removeFileIds])
    const files = { add, remove: removeFileIds }
    const closes = await editWithin(tx, { actor, shareId, edit: { ...rest, passwordHash }, files })
    await settleQuestions(tx, [shareId], "edited")
    return closes
  })
  if (closed) await settleExposure([shareId])
  return requireShare(owner, shareId)
}

type EditOfShare = {
  actor: Actor
  shareId: string
  /** A share by default. */
  kind?: ShareKind
  edit: Edit
  /** The files to add and remove. The caller has locked them. */
  files?: { add: string[]; remove: string[] }
  /** Whether the edit makes another address. */
  newAddress?: boolean
  /** Makes further changes of the edit, and returns them for the audit entry. */
  also?: (tx: Tx) => Promise<Also>
}

/**
 * Edits a share in the caller's transaction, with its audit entry. Returns whether it excludes
 * visitors; the caller then settles the exposure after the commit. Refuses as `editShare` does.
 */
export async function editWithin(
  tx: Tx,
  {
    actor: { owner, token },
    shareId,
    kind = "share",
    edit,
    files = { add: [], remove: [] },
    newAddress = false,
    also,
  }: EditOfShare,
): Promise<boolean> {
  const settings = settingsOf(kind, await lockSettings(tx, token))
  const before = await lockShare(tx, { owner, shareId, kind })
  if (edit.version !== undefined && edit.version !== before.version)
    throw refusal("conflict", "share_changed", {}, { field: "version" })
  const after = outcome(before, edit)
  if (edit.startsAt !== undefined || after.expiresAt?.getTime() !== before.expiresAt?.getTime()) {
    refuseBadTimes(after, before.now, settings)
  }
  const edited = editedTo(before, edit, after)
  refuseUnreadable(edited)
  refuseAgainst(settings, before, edited)
  const reopens = isUsedUp(before, before.claims) && !isUsedUp(after, before.claims)
  const publishes = newAddress || files.add.length > 0
  if ((reopens && !before.revokedAt) || (publishes && isCapped(token)))
    refuseOpening(settings, { ...after, unverified: before.unverified }, before.now)
  await write(tx, { shareId, before, after: edited })
  const more = await also?.(tx)
  await recordEdit(tx, { owner, shareId, kind, before, after: edited, also: more })
  const tookOut = await changeFiles(tx, { owner, shareId, title: edited.title, ...files })
  await nameShares(tx, sql`s.id = ${shareId}::uuid`)
  if (!closes(before, edited) && !(tookOut && !before.revokedAt)) return false
  await tx.$executeRaw`
    UPDATE share SET exposed_until = ${provisionalExposure}, cut_off_id = NULL
    WHERE id = ${shareId}::uuid`
  return true
}

async function lockShare(
  tx: Tx,
  { owner, shareId, kind }: { owner: OwnerId; shareId: string; kind: ShareKind },
) {
  const [before] = await tx.$queryRaw<Before[]>`
    SELECT title, message, direct, preview, view_only AS "viewOnly", watermark, notices, every_download AS "everyDownload", mint_ttl_seconds AS "mintTtlSeconds", starts_at AS "startsAt",
      expires_at AS "expiresAt", password_hash AS "passwordHash", max_downloads AS "maxDownloads",
      ${rawSql(isUnverified("s"))} AS unverified,
      revoked_at AS "revokedAt", max_ttl_seconds AS "maxTtlSeconds",
      ${rawSql(claimsOf("s"))}::bigint AS claims, other_claims AS "otherClaims",
      ${rawSql(versionOf("s"))} AS version, clock_timestamp() AS now
    FROM share s
    WHERE id = ${shareId}::uuid AND owner_id = ${owner}::uuid AND share_kind = ${kind}::share_kind
    FOR NO KEY UPDATE`
  if (!before) throw noSuchShare()
  return before
}

type Edit = Omit<ShareEdit, "password" | "addFileIds" | "addFolder" | "removeFileIds"> & {
  passwordHash?: string | null | undefined
}

type Outcome = Pick<Edited, "startsAt" | "expiresAt" | "passwordHash" | "maxDownloads">

function outcome(before: Before, edit: Edit): Outcome {
  const kept = <Value>(value: Value | undefined, old: Value) => (value === undefined ? old : value)
  return {
    startsAt: kept(edit.startsAt, before.startsAt),
    expiresAt: endNotBeforeNow(kept(givenEnd(edit, before.now), before.expiresAt), before),
    passwordHash: kept(edit.passwordHash, before.passwordHash),
    maxDownloads: kept(edit.maxDownloads, before.maxDownloads),
  }
}

const editedTo = (before: Before, edit: Edit, after: Outcome): Edited => ({
  title: edit.title ?? before.title,
  message: edit.message ?? before.message,
  direct: edit.direct ?? before.direct,
  preview: edit.preview ?? before.preview,
  viewOnly: edit.viewOnly ?? before.viewOnly,
  watermark: edit.watermark ?? before.watermark,
  notices: edit.notices ?? before.notices,
  everyDownload: edit.everyDownload ?? before.everyDownload,
  mintTtlSeconds: edit.mintTtlSeconds === undefined ? before.mintTtlSeconds : edit.mintTtlSeconds,
  ...after,
})

/**
 * A share that is older than a setting stays as it is. But an edit may neither move it further from
 * the setting nor keep the share open longer against it.
 */
function refuseAgainst(settings: Settings, before: Before, after: Edited) {
  const longer = before.expiresAt && (!after.expiresAt || after.expiresAt > before.expiresAt)
  const must = (had: unknown, has: unknown) => !has && Boolean(had || longer)
  refuseAgainstSettings(settings, {
    opens: Boolean(longer),
    lacksPassword: must(before.passwordHash, after.passwordHash),
    unverified: Boolean(longer && before.unverified),
    wantsDirect: after.direct && !before.direct,
    wantsPreview: after.preview && !before.preview,
  })
}

/** An end in the past ends the share now. A share that has already expired keeps its end. */
function endNotBeforeNow(expiresAt: Date | null, before: Before) {
  if (!expiresAt || expiresAt > before.now) return expiresAt
  return before.expiresAt && before.expiresAt <= before.now ? before.expiresAt : before.now
}

const VOIDED_BY_PASSWORD = {
  passwordVersion: { increment: 1 },
  ticketEpoch: { increment: 1 },
  epochBeforeRevoke: null,
}

type Write = { shareId: string; before: Before; after: Edited }

async function write(tx: Tx, { shareId, before, after }: Write) {
  const ttl = after.mintTtlSeconds ?? configuration.MINT_TTL_SECONDS
  await tx.share.update({
    where: { id: shareId },
    data: {
      ...after,
      maxTtlSeconds: Math.max(before.maxTtlSeconds, ttl),
      ...(after.viewOnly !== before.viewOnly && {
        otherClaims: Number(before.claims) - before.otherClaims,
      }),
      ...(after.passwordHash !== before.passwordHash && VOIDED_BY_PASSWORD),
    },
    select: { id: true },
  })
}

/** Whether the edit excludes visitors who could download, so that their URLs matter. */
function closes(before: Before, after: Edited) {
  if (before.revokedAt) return false
  const { now, claims } = before
  const soon = new Date(now.getTime() + (before.maxTtlSeconds + 1) * 1000)
  const earlier = after.expiresAt && (!before.expiresAt || after.expiresAt < before.expiresAt)
  return (
    (earlier && after.expiresAt && after.expiresAt < soon) ||
    (after.startsAt && after.startsAt > now && !(before.startsAt && before.startsAt > now)) ||
    (after.passwordHash && after.passwordHash !== before.passwordHash) ||
    (isUsedUp(after, claims) && !isUsedUp(before, claims)) ||
    (after.viewOnly && !before.viewOnly) ||
    (before.preview && !after.preview)
  )
}

const isUsedUp = ({ maxDownloads }: Pick<Edited, "maxDownloads">, claims: bigint) =>
  maxDownloads !== null && claims >= maxDownloads
