import "server-only"
import { databaseTimeIn } from "#lib/adapters/database/time.ts"
import { db, type Tx } from "#lib/adapters/database.ts"
import type { Actor } from "#lib/rooms/accounts/member.ts"
import { hashPassword } from "#lib/rooms/accounts/sign-in/password.ts"
import { editWithin } from "#lib/rooms/shares/edit/edit-share.ts"
import type { Also } from "#lib/rooms/shares/edit/record-edit.ts"
import { settleExposure } from "#lib/rooms/shares/exposure.ts"
import { requestIdOrRefuse, requireRequest } from "./read-requests.ts"
import { type RequestEdit, RequestFields, type RequestView } from "./request.ts"
import { setSlug } from "./request-slug.ts"

/**
 * Changes a request. A key that is left out keeps its value, null clears it, and an end in the past
 * means now. Limits apply to files that arrive from now on. Refuses `not_found`, (invalid)
 * impossible times, (not_allowed) as `editShare` does, and (conflict) a chosen address that is taken.
 */
export async function editRequest(
  actor: Actor,
  id: string,
  edit: RequestEdit,
): Promise<RequestView> {
  const shareId = requestIdOrRefuse(id)
  const { title, message, startsAt, expiresAt, expiresIn, password, notices, reusable, ...own } =
    edit
  const passwordHash = password
    ? await hashPassword(password, { queue: "members", from: actor.owner })
    : password
  const maxDownloads = reusable === undefined ? undefined : reusable ? null : 1
  const closed = await db.$transaction((tx) =>
    editWithin(tx, {
      actor,
      shareId,
      kind: "request",
      edit: { title, message, startsAt, expiresAt, expiresIn, notices, passwordHash, maxDownloads },
      newAddress: typeof own.slug === "string",
      also: (tx) => editOwn(tx, shareId, own),
    }),
  )
  if (closed) await settleExposure([shareId])
  return requireRequest(actor.owner, shareId)
}

type Own = Omit<
  RequestEdit,
  "title" | "message" | "startsAt" | "expiresAt" | "expiresIn" | "password" | "notices" | "reusable"
>

/** Changes the conditions that only a request has. The row of the share is locked. */
async function editOwn(tx: Tx, shareId: string, { slug, ...own }: Own): Promise<Also> {
  const { slugs, maxBytes, maxFileBytes, fields, ...request } = await tx.request.findUniqueOrThrow({
    where: { shareId },
    select: {
      folder: true,
      maxFiles: true,
      maxBytes: true,
      maxFileBytes: true,
      types: true,
      fields: true,
      thanks: true,
      deleteDays: true,
      slugs: { where: { leftAt: null }, select: { slug: true } },
    },
  })
  const before = {
    ...request,
    maxBytes: Number(maxBytes),
    maxFileBytes: maxFileBytes === null ? null : Number(maxFileBytes),
    fields: RequestFields.parse(fields),
  }
  const after = {
    folder: own.folder ?? before.folder,
    maxFiles: own.maxFiles ?? before.maxFiles,
    maxBytes: own.maxBytes ?? before.maxBytes,
    maxFileBytes: own.maxFileBytes === undefined ? before.maxFileBytes : own.maxFileBytes,
    types: own.types ?? before.types,
    fields: own.fields ?? before.fields,
    thanks: own.thanks ?? before.thanks,
    deleteDays: own.retention === undefined ? before.deleteDays : own.retention,
  }
  const since =
    after.deleteDays === before.deleteDays ? {} : { deleteDaysSince: await databaseTimeIn(tx) }
  await tx.request.update({
    where: { shareId },
    data: { ...after, ...since },
    select: { shareId: true },
  })
  const slugBefore = slugs[0]?.slug ?? null
  if (slug !== undefined) await setSlug(tx, shareId, slug)
  return {
    before: { ...described(before), slug: slugBefore },
    after: { ...described(after), slug: slug === undefined ? slugBefore : slug },
  }
}

const described = <Own extends { types: string[]; fields: RequestFields }>({
  types,
  fields,
  ...rest
}: Own) => ({ ...rest, types: types.join(" "), fields: JSON.stringify(fields) })
