"use server"

import { revalidatePath } from "next/cache"
import { z } from "zod"
import { expiryOf, isExpiryPreset } from "#components/shares/expiry-presets.ts"
import { Refusal } from "#lib/errors.ts"
import { formText, parse } from "#lib/input.ts"
import { ListQuery } from "#lib/list-query.ts"
import { dismissQuestions } from "#lib/questions/dismiss-questions.ts"
import { reopenShare } from "#lib/questions/reopen-share.ts"
import { createShare } from "#lib/shares/create-share.ts"
import { cutOffShare } from "#lib/shares/cut-off-share.ts"
import { editShare } from "#lib/shares/edit-share.ts"
import { extendShares } from "#lib/shares/extend-shares.ts"
import { findAddable } from "#lib/shares/find-addable.ts"
import { listShareIds, listSharesOfFiles } from "#lib/shares/list-shares.ts"
import { newLink } from "#lib/shares/new-link.ts"
import { restoreShare } from "#lib/shares/restore-share.ts"
import { revokeOwnShares } from "#lib/shares/revoke-own-shares.ts"
import { revokeShare } from "#lib/shares/revoke-share.ts"
import { SHARE_STATUSES, ShareEdit, ShareInput, ShareListQuery } from "#lib/shares/share.ts"
import { Uuid } from "#lib/uuid.ts"
import { memberAction } from "#lib/web/action.ts"

/** Field `files`: ids with spaces between, in the order of the share; or `folder`, a path. */
export const createShareAction = memberAction(async (member, form) => {
  const folder = formText(form, "folder")
  const input = folder === undefined ? { fileIds: idsOf(form) } : { folder }
  const share = await createShare(member.id, parse(ShareInput, input))
  revalidatePath("/shares", "layout")
  return share
})

/** Field `id`, and the fields of ShareConditions. */
export const editShareAction = memberAction(async (member, form) => {
  const share = await editShare(
    member.id,
    idOf(form),
    parse(ShareEdit, conditionsOf(form, member.now)),
  )
  revalidatePath("/shares", "layout")
  return share
})

/** Field `id`; `cutOff` also ends the addresses handed out before. */
export const revokeShareAction = memberAction(async (member, form) => {
  const share = await revokeShare(member.id, idOf(form), { cutOff: form.has("cutOff") })
  revalidatePath("/shares", "layout")
  return share
})

/** Field `id`: ends the addresses handed out before. */
export const cutOffShareAction = memberAction(async (member, form) => {
  const share = await cutOffShare(member.id, idOf(form))
  revalidatePath("/shares", "layout")
  return share
})

/** Field `id`. */
export const restoreShareAction = memberAction(async (member, form) => {
  const share = await restoreShare(member.id, idOf(form))
  revalidatePath("/shares", "layout")
  return share
})

/** Field `id`; `add` and `remove`, ids of files with spaces between, and `folder`, a path to add. */
export const changeFilesAction = memberAction(async (member, form) => {
  const ids = (name: string) => text(form, name).split(" ").filter(Boolean)
  const edit = parse(ShareEdit, {
    addFileIds: ids("add"),
    addFolder: formText(form, "folder"),
    removeFileIds: ids("remove"),
  })
  const { id } = await editShare(member.id, idOf(form), edit)
  revalidatePath("/shares", "layout")
  return { id }
})

/** Field `id`, and `q` for a search: what the share does not hold yet. */
export const findAddableAction = memberAction((member, form) =>
  findAddable(member.id, {
    shareId: idOf(form),
    q: parse(ListQuery, { q: formText(form, "q") }).q,
  }),
)

const ShareIds = z.array(Uuid).min(1, "Choose at least one share.").max(10_000)

const shareIdsOf = (form: FormData) => parse(ShareIds, text(form, "ids").split(" "))

/** Fields `q` and `status`: the ids of all shares that are listed by them. */
export const findShareIdsAction = memberAction((member, form) =>
  listShareIds(
    member.id,
    parse(ShareListQuery, { q: formText(form, "q"), status: formText(form, "status") }),
  ),
)

/** Field `ids`; `cutOff` also ends the addresses handed out before. Answers which it revoked. */
export const revokeSharesAction = memberAction(async (member, form) => {
  const cutOff = form.has("cutOff")
  const revoked = await revokeOwnShares(member.id, shareIdsOf(form), { cutOff })
  revalidatePath("/shares", "layout")
  return revoked
})

/** Field `ids`. */
export const restoreSharesAction = memberAction(async (member, form) => {
  const ids = shareIdsOf(form)
  for (const id of ids) await restoreShare(member.id, id)
  revalidatePath("/shares", "layout")
  return { count: ids.length }
})

/** Fields `ids` and `expiresAt`: moves the end of those that end earlier. */
export const extendSharesAction = memberAction(async (member, form) => {
  const expiresAt = parse(ShareEdit.shape.expiresAt, text(form, "expiresAt"))
  if (!expiresAt) throw new Refusal("invalid", "Choose a time.", { field: "expiresAt" })
  const extended = await extendShares(member.id, shareIdsOf(form), expiresAt)
  revalidatePath("/shares", "layout")
  return extended
})

/** Field `id`. */
export const newLinkAction = memberAction(async (member, form) => {
  const share = await newLink(member.id, idOf(form))
  revalidatePath("/shares", "layout")
  return share
})

/** Field `id`, and `seen`, the status that the page showed: opens a share that visitors ask for. */
export const reopenShareAction = memberAction(async (member, form) => {
  const seen = parse(z.enum(SHARE_STATUSES), text(form, "seen"))
  const share = await reopenShare(member.id, idOf(form), seen)
  revalidatePath("/shares", "layout")
  return share
})

/** Field `id`. */
export const dismissQuestionsAction = memberAction(async (member, form) => {
  await dismissQuestions(member.id, idOf(form))
  revalidatePath("/shares", "layout")
})

const text = (form: FormData, name: string) => {
  const value = form.get(name)
  return typeof value === "string" ? value : ""
}

/** Field `files`: ids with spaces between. Answers the shares that hold any of them, each once. */
export const findSharesAction = memberAction(async (member, form) =>
  listSharesOfFiles(member.id, parse(FileIds, idsOf(form))),
)

const FileIds = z.array(Uuid).min(1, "Choose at least one file.").max(10_000)

const idsOf = (form: FormData) => text(form, "files").split(" ").filter(Boolean)

const idOf = (form: FormData) => text(form, "id")

function conditionsOf(form: FormData, now: Date) {
  return {
    title: text(form, "title"),
    message: text(form, "message"),
    direct: form.has("direct"),
    preview: form.has("viewOnly") || form.has("preview"),
    viewOnly: form.has("viewOnly"),
    watermark: form.has("watermark"),
    maxDownloads: form.has("limited") ? Number(text(form, "maxDownloads")) : null,
    ...expiryIn(form, now),
    ...startIn(form),
    ...passwordIn(form),
    ...linkLifetimeIn(form),
  }
}

function expiryIn(form: FormData, now: Date) {
  const choice = text(form, "expires")
  const at = text(form, "expiresAt")
  // The browser knows the zone in which the day ends at the same time.
  if (isExpiryPreset(choice)) return { expiresAt: at || expiryOf(choice, now).toISOString() }
  if (choice === "never") return { expiresAt: null }
  return choice === "at" ? { expiresAt: at } : {}
}

function startIn(form: FormData) {
  const choice = text(form, "starts")
  if (choice === "now") return { startsAt: null }
  return choice === "at" ? { startsAt: text(form, "startsAt") } : {}
}

/** Switched on with an empty field, the password stays as it is. */
function passwordIn(form: FormData) {
  if (!form.has("locked")) return { password: null }
  const password = text(form, "password")
  return password ? { password } : {}
}

function linkLifetimeIn(form: FormData) {
  const seconds = text(form, "mintTtlSeconds")
  return seconds && seconds !== "keep" ? { mintTtlSeconds: Number(seconds) } : {}
}
