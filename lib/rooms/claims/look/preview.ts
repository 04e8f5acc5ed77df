import "server-only"
import { requireClickable } from "#lib/adapters/watch/require-clickable.ts"
import { type PreviewKind, previewOf } from "#lib/rooms/files/preview-kind.ts"
import { refused } from "../access/refusals.ts"
import { lifetime, presignPreview, type SignedUrl } from "../grant.ts"
import type { VisitorCookies } from "../visitor/visitor-cookies.ts"
import type { VisitorSource } from "../visitor/visitor-source.ts"
import { look } from "./look.ts"

type Look = {
  publicId: Uint8Array
  fileId: string
  cookies: VisitorCookies
  source: VisitorSource
  /** The client's address, which is throttled. */
  address: string
}

/**
 * Returns a URL that shows a file. It is valid as long as one for a download. The first one for a
 * file in a visit counts as a preview, never as a claim. A refusal counts nothing. Refuses as
 * `claim` does, and no_preview, needs_claim, unsupported and too_many.
 */
export async function preview(asked: Look): Promise<SignedUrl> {
  const { file, granted } = await grantLook(asked, "preview")
  const shown = previewOf(file.name, file.contentType)
  if (!shown) throw refused("no_kind")
  return presignPreview(granted, file, shown)
}

/** The kinds that a browser may open directly, even in a view-only share: see decision 62. */
const PLAIN_KINDS = new Set<PreviewKind | undefined>(["image", "text", "markdown", "code", "csv"])

/**
 * Returns a URL for a browser that shows the file without the page of the link. Refuses (view_only)
 * a PDF, a video or a sound of a view-only share, and as `preview` does.
 */
export async function previewAlone(asked: Look): Promise<SignedUrl> {
  const { row, file } = await look({ ...asked, takes: "preview", mint: null })
  const kind = previewOf(file.name, file.contentType)?.kind
  if (row.view_only && !PLAIN_KINDS.has(kind)) throw refused("on_page_only")
  return preview(asked)
}

/** Returns an uncounted URL of a thumbnail. Refuses as `preview`, and not_found without one. */
export async function thumbnail(asked: Look): Promise<SignedUrl> {
  const { file, granted } = await grantLook(asked, "thumbnail")
  return presignPreview(granted, file, file)
}

async function grantLook(
  { publicId, fileId, cookies, source, address }: Look,
  takes: "preview" | "thumbnail",
) {
  await requireClickable()
  const looked = await look({ publicId, fileId, takes, cookies, mint: { source, address } })
  const { row, file, eventId, credentialsEnd } = looked
  return { file, granted: { ...lifetime(row, credentialsEnd), eventId } }
}
