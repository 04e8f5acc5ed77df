import "server-only"
import { z } from "zod"
import type { SessionMember } from "#lib/accounts/member.ts"
import { readBranding } from "#lib/settings/read-branding.ts"
import { readSettings } from "#lib/settings/read-settings.ts"
import { listSharedFiles } from "#lib/shares/list/list-shared-files.ts"
import { requireShare } from "#lib/shares/require-share.ts"
import { ShareEdit, type ShareView } from "#lib/shares/share.ts"
import { plainName } from "#lib/text/plain-text.ts"
import { previewOf } from "../preview-kind.ts"
import type { LinkPage } from "./link-page.ts"

/** Conditions of a share that are not saved: a key that is left out has the share's value. */
export const PagePreview = ShareEdit.pick({
  title: true,
  message: true,
  startsAt: true,
  expiresAt: true,
  maxDownloads: true,
  preview: true,
  viewOnly: true,
  watermark: true,
}).extend({
  hasPassword: z.boolean().optional(),
  /** Whether to show the page behind the password and the start. */
  opened: z.boolean().optional(),
})
export type PagePreview = z.infer<typeof PagePreview>

type Owner = Pick<SessionMember, "id" | "name" | "now">

/**
 * Returns the page that a visitor without cookies would see if the share had these conditions.
 * Counts, mints and writes nothing. The files have no thumbnails, because loading those is an event
 * of the share. Refuses `not_found`, also for another member's share.
 */
export async function previewPage(
  { id: owner, name, now }: Owner,
  shareId: string,
  { opened = false, ...edit }: PagePreview,
): Promise<LinkPage> {
  const share = await requireShare(owner, shareId)
  const page = { share, ...conditionsOf(share, edit), senderName: plainName(name), now, opened }
  const branding = await readBranding()
  const isBranded = Object.values(branding).some((value) => value !== null)
  return { ...(gateOf(page) ?? (await openPageOf(page))), ...(isBranded && { branding }) }
}

type Conditions = ReturnType<typeof conditionsOf>
type Page = Conditions & { share: ShareView; senderName: string; now: Date; opened: boolean }

function conditionsOf(share: ShareView, edit: Omit<PagePreview, "opened">) {
  const or = <Value>(typed: Value | undefined, saved: Value) =>
    typed === undefined ? saved : typed
  return {
    title: or(edit.title, share.title),
    message: or(edit.message, share.message),
    startsAt: or(edit.startsAt, dateOf(share.startsAt)),
    expiresAt: or(edit.expiresAt, dateOf(share.expiresAt)),
    maxDownloads: or(edit.maxDownloads, share.maxDownloads),
    hasPassword: or(edit.hasPassword, share.hasPassword),
    preview: or(edit.preview, share.preview),
    viewOnly: or(edit.viewOnly, share.viewOnly),
    watermark: or(edit.watermark, share.watermark),
  }
}

const dateOf = (time: string | null) => (time === null ? null : new Date(time))

const NOT_ASKED = { askedAt: null, note: "", problem: null, retryAt: null }

/** The page in place of the files, by the order of closingCases; null if the share opens. */
function gateOf({ share, senderName, now, opened, ...conditions }: Page): LinkPage | null {
  const { hasPassword, startsAt, expiresAt, maxDownloads } = conditions
  const title = hasPassword && !opened ? "" : conditions.title
  const closed = (state: "revoked" | "expired" | "used_up", at: Date | null): LinkPage => ({
    ...{ state, senderName, title, at, now, viewOnly: conditions.viewOnly, asking: NOT_ASKED },
    byAdmin: share.revokedBy?.admin ?? false,
  })
  if (share.revokedAt) return closed("revoked", new Date(share.revokedAt))
  if (expiresAt && expiresAt <= now) return closed("expired", expiresAt)
  if (maxDownloads !== null && share.downloads >= maxDownloads) return closed("used_up", null)
  if (opened) return null
  if (startsAt && startsAt > now) return { state: "scheduled", senderName, title, startsAt, now }
  return hasPassword ? { state: "locked", senderName, error: null, retryAt: null, now } : null
}

async function openPageOf({ share, maxDownloads, ...page }: Page): Promise<LinkPage> {
  const { senderName, title, message, now, expiresAt, viewOnly, watermark } = page
  const [settings, { files, counts, part }] = await Promise.all([readSettings(), filesOf(share)])
  const canPreview = page.preview && settings.previews
  const downloadsLeft = maxDownloads === null ? null : maxDownloads - share.downloads
  if (counts.ready + counts.arriving + counts.abandoned === 0) {
    const never = { at: null, byAdmin: false, viewOnly, asking: NOT_ASKED }
    return { state: "empty", senderName, title, ...never, now, expiresAt, downloadsLeft }
  }
  return {
    state: "open",
    senderName,
    title,
    message,
    now,
    expiresAt,
    viewOnly,
    watermark,
    canPreview,
    counts,
    part,
    files: files.map((file) => ({
      ...file,
      hasThumbnail: false,
      preview: canPreview ? (previewOf(file.name, file.contentType)?.kind ?? null) : null,
    })),
    downloadsLeft,
    hasTicket: false,
    recipient: null,
    needsClaim: maxDownloads !== null,
  }
}

/** The files that the visitor's page lists: all in the owner's order, or a part of the tree. */
async function filesOf({ id: shareId, files: owned }: ShareView) {
  const listed = await listSharedFiles({ shareId })
  const { files, counts } = listed
  if (listed.hasMore) return { files, counts, part: listed }
  const places = new Map(owned.map(({ id }, place) => [id, place]))
  const placeOf = ({ id }: { id: string }) => places.get(id) ?? owned.length
  return { files: files.toSorted((a, b) => placeOf(a) - placeOf(b)), counts, part: null }
}
