import "server-only"
import { configuration } from "#lib/adapters/configuration.ts"
import { databaseTime } from "#lib/adapters/database/time.ts"
import { db, sql, type Tx } from "#lib/adapters/database.ts"
import { requireRoom } from "#lib/adapters/host/disk-room.ts"
import { newPublicId } from "#lib/adapters/secrets.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { newId, newIds } from "#lib/adapters/text/uuid.ts"
import type { Actor, OwnerId } from "#lib/rooms/accounts/member.ts"
import { hashPassword } from "#lib/rooms/accounts/sign-in/password.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"
import { nameShares } from "#lib/rooms/files/name-shares.ts"
import { lockSettings } from "#lib/rooms/settings/read-settings.ts"
import type { Settings } from "#lib/rooms/settings/setting.ts"
import { insertLinks } from "#lib/rooms/shares/links/add-links.ts"
import { refuseUnreadable } from "#lib/rooms/shares/list/share-reading.ts"
import { requireShare } from "#lib/rooms/shares/require-share.ts"
import { MAX_TITLE, type ShareInput, type ShareView } from "#lib/rooms/shares/share.ts"
import { refuseAgainstSettings } from "./allowed-conditions.ts"
import { addFiles, chosenFiles } from "./change-files.ts"
import { findShareDefaults } from "./member-share-defaults.ts"
import { withDefaults } from "./share-defaults.ts"
import { defaultExpiry, givenEnd, refuseBadTimes } from "./share-times.ts"

/**
 * Makes a share of some files or a whole folder, and its link. Conditions that are not given have
 * the owner's defaults. The files may still be uploading. Makes nothing if it refuses: (not_found)
 * files that were deleted or are not the owner's, or an empty folder; (not_allowed) a condition
 * that a setting forbids; (unavailable) while the disk is full.
 */
export async function createShare(
  { owner, token }: Actor,
  given: ShareInput,
  id = newId(),
): Promise<ShareView> {
  requireRoom("share")
  const now = await databaseTime()
  const { password } = given
  const defaults = await findShareDefaults(owner)
  const passwordHash = password
    ? await hashPassword(password, { queue: "members", from: owner })
    : null
  await db.$transaction(async (tx) => {
    const settings = await lockSettings(tx, token)
    const input = withDefaults(given, defaults, { now, settings })
    const { title = nameOf(input.folder), message, startsAt, maxDownloads, mintTtlSeconds } = input
    const { direct = false, viewOnly = false, watermark = false } = input
    const expiresAt = endOf(input, now, settings)
    const preview = input.preview ?? settings.previews
    refuseUnreadable({ preview, viewOnly })
    refuseAgainstSettings(settings, {
      lacksPassword: !passwordHash,
      wantsDirect: direct,
      wantsPreview: preview,
    })
    const { recipients = [], openLink = !settings.verifiedOnly } = input
    refuseAgainstSettings(settings, { lacksPassword: false, unverified: openLink })
    const fileIds = await chosenFiles(tx, owner, input)
    await tx.share.create({
      data: {
        id,
        ownerId: owner,
        title,
        message: message ?? "",
        startsAt: startsAt ?? null,
        expiresAt,
        passwordHash,
        maxDownloads: maxDownloads ?? null,
        direct,
        preview,
        viewOnly,
        watermark,
        notices: input.notices ?? true,
        everyDownload: input.everyDownload ?? false,
        mintTtlSeconds: mintTtlSeconds ?? null,
        maxTtlSeconds: mintTtlSeconds ?? configuration.MINT_TTL_SECONDS,
        links: {
          create: { publicId: newPublicId(), revokedAt: openLink ? null : now },
        },
      },
      select: { id: true },
    })
    await addFiles(tx, { shareId: id, owner, fileIds }, true)
    await nameShares(tx, sql`s.id = ${id}::uuid`)
    const share = { id, title, kind: "share", owner } as const
    const ids = newIds(recipients.length)
    await insertLinks(
      tx,
      share,
      recipients.map((each, place) => ({ ...each, id: ids[place] ?? "" })),
      { mail: input.mail, settings },
    )
    await refuseDisabled(tx, owner)
    const details = {
      title,
      files: fileIds.length,
      expiresAt: expiresAt?.toISOString() ?? null,
    }
    await recordAudit(tx, { actorId: owner, action: "share.create", targetId: id, details })
  })
  return requireShare(owner, id)
}

/** The title of a folder's share, unless its owner chose another. */
const nameOf = (folder = "") => folder.split("/").at(-1)?.slice(0, MAX_TITLE) ?? ""

/** Returns when a new share ends. Refuses impossible times and an end that a setting forbids. */
export function endOf(
  { startsAt = null, ...given }: Pick<ShareInput, "startsAt" | "expiresAt" | "expiresIn">,
  now: Date,
  settings: Settings,
) {
  const chosen = givenEnd(given, now)
  const end = chosen === undefined ? defaultExpiry(startsAt, now, settings) : chosen
  refuseBadTimes({ startsAt, expiresAt: end }, now, settings)
  if (end && end <= now) {
    throw refusal("invalid", "expiry_past", {}, { field: "expiresAt" })
  }
  return end
}

// A share must not appear after its owner was disabled and the shares were revoked or transferred.
// This is checked last, because files are locked before members.
export async function refuseDisabled(tx: Tx, owner: OwnerId) {
  const active = await tx.$queryRaw<unknown[]>`
    SELECT id FROM member WHERE id = ${owner}::uuid AND disabled_at IS NULL FOR SHARE`
  if (active.length === 0) {
    throw refusal("signed_out", "signed_out")
  }
}
