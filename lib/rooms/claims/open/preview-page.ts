import "server-only"
import { z } from "zod"
import type { SessionMember } from "#lib/rooms/accounts/member.ts"
import { noSuchShare, shareIdOrRefuse } from "#lib/rooms/shares/require-share.ts"
import { conditions } from "#lib/rooms/shares/share.ts"
import type { LinkPage } from "./link-page.ts"
import { type PageRow, pageOf } from "./open-link.ts"
import { previewLinks } from "./open-link-statement.ts"

/** Conditions of a share that are not saved. A key that is left out has the share's value. */
export const PagePreview = z
  .strictObject(conditions)
  .pick({
    title: true,
    message: true,
    startsAt: true,
    expiresAt: true,
    maxDownloads: true,
    preview: true,
    viewOnly: true,
    watermark: true,
  })
  .extend({
    hasPassword: z.boolean(),
    /** Whether to show the page as it is after the password was entered and the share has started. */
    opened: z.boolean(),
  })
  .partial()
export type PagePreview = z.infer<typeof PagePreview>

/**
 * Returns the page that a visitor without cookies would see if the share had these conditions.
 * Counts, mints and writes nothing. The files have no thumbnails, because loading a thumbnail is an
 * event of the share. Refuses `not_found`, also for another member's share.
 */
export async function previewPage(
  { owner, now }: Pick<SessionMember, "owner" | "now">,
  shareId: string,
  conditions: PagePreview,
): Promise<LinkPage> {
  const [row] = await previewLinks<PageRow>({
    ownerId: [owner],
    id: [shareIdOrRefuse(shareId)],
    conditions: [JSON.stringify(columnsOf(conditions))],
  })
  if (!row) throw noSuchShare()
  const page = await pageOf({ ...row, now })
  if (page.state !== "open") return page
  return { ...page, files: page.files.map((file) => ({ ...file, hasThumbnail: false })) }
}

/** Returns the changed columns of a share. JSON leaves out a key without a value. */
function columnsOf({ opened, hasPassword, ...edit }: PagePreview) {
  const { startsAt, expiresAt, maxDownloads, viewOnly, ...same } = edit
  return {
    ...same,
    starts_at: opened ? null : startsAt,
    expires_at: expiresAt,
    max_downloads: maxDownloads,
    view_only: viewOnly,
    password_hash: opened || hasPassword === false ? null : hasPassword && "any",
  }
}
