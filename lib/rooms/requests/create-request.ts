import "server-only"
import { configuration } from "#lib/adapters/configuration.ts"
import { databaseTime, databaseTimeIn } from "#lib/adapters/database/time.ts"
import { db } from "#lib/adapters/database.ts"
import { requireRoom } from "#lib/adapters/host/disk-room.ts"
import { newPublicId } from "#lib/adapters/secrets.ts"
import { newId } from "#lib/adapters/text/uuid.ts"
import type { Actor } from "#lib/rooms/accounts/member.ts"
import { hashPassword } from "#lib/rooms/accounts/sign-in/password.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"
import { lockSettings } from "#lib/rooms/settings/read-settings.ts"
import { refuseAgainstSettings } from "#lib/rooms/shares/edit/allowed-conditions.ts"
import { endOf, refuseDisabled } from "#lib/rooms/shares/edit/create-share.ts"
import { NEW_REQUEST } from "./new-request.ts"
import { requireRequest } from "./read-requests.ts"
import { RequestFields, type RequestInput, type RequestView } from "./request.ts"
import { setSlug } from "./request-slug.ts"

/**
 * Makes a request and its link. Refuses what the settings forbid: (not_allowed) requests, or one
 * without a password, and (invalid) its end. Refuses (conflict) a chosen address that is taken, and
 * (unavailable) while the disk is full.
 */
export async function createRequest(
  { owner, token }: Actor,
  input: RequestInput,
  id = newId(),
): Promise<RequestView> {
  requireRoom("share")
  const now = await databaseTime()
  const { title, folder, message = "", password, startsAt = null, slug = null } = input
  const passwordHash = password
    ? await hashPassword(password, { queue: "members", from: owner })
    : null
  await db.$transaction(async (tx) => {
    const settings = { ...(await lockSettings(tx, token)), defaultShareDays: NEW_REQUEST.days }
    const expiresAt = endOf({ ...input, startsAt }, now, settings)
    refuseAgainstSettings(settings, { opens: true, lacksPassword: !passwordHash })
    await tx.share.create({
      data: {
        id,
        ownerId: owner,
        kind: "request",
        title,
        message,
        startsAt,
        expiresAt,
        passwordHash,
        maxDownloads: input.reusable === false ? 1 : null,
        notices: input.notices ?? true,
        maxTtlSeconds: configuration.MINT_TTL_SECONDS,
        links: { create: { publicId: newPublicId() } },
        request: {
          create: {
            folder,
            maxFiles: input.maxFiles ?? NEW_REQUEST.maxFiles,
            maxBytes: input.maxBytes ?? NEW_REQUEST.maxBytes,
            maxFileBytes: input.maxFileBytes ?? null,
            types: input.types ?? [],
            fields: input.fields ?? RequestFields.parse({}),
            thanks: input.thanks ?? "",
            deleteDays: input.retention ?? null,
            deleteDaysSince: input.retention ? await databaseTimeIn(tx) : null,
          },
        },
      },
      select: { id: true },
    })
    await setSlug(tx, id, slug)
    await refuseDisabled(tx, owner)
    const details = { title, expiresAt: expiresAt?.toISOString() ?? null }
    await recordAudit(tx, { actorId: owner, action: "request.create", targetId: id, details })
  })
  return requireRequest(owner, id)
}
