import "server-only"
import type { SessionMember } from "#lib/rooms/accounts/member.ts"
import { type BrandingPreview, logoType } from "#lib/rooms/settings/branding.ts"
import { readBranding } from "#lib/rooms/settings/read-branding.ts"
import { countFiles } from "#lib/rooms/shares/list/shared-files.ts"
import type { LinkFile, LinkPage } from "./link-page.ts"

const OPEN_MS = 5 * 86_400_000

const FILES = [
  { name: "report.pdf", size: 2_400_000, contentType: "application/pdf" },
  { name: "plan.dwg", size: 8_100_000, contentType: "image/vnd.dwg" },
  { name: "photos.zip", size: 64_000_000, contentType: "application/zip" },
]

/** Returns the page of a made-up share of the caller in a branding that is not saved. */
export async function previewBranding(
  { name: senderName, now }: Pick<SessionMember, "name" | "now">,
  { logo, ...texts }: BrandingPreview,
): Promise<LinkPage> {
  const files = FILES.map(sample)
  return {
    state: "open",
    ...{ senderName, title: "", name: "report.pdf", message: "", now },
    expiresAt: new Date(now.getTime() + OPEN_MS),
    ...{ files, counts: countFiles(files), part: null, downloadsLeft: null, hasTicket: false },
    ...{ canPreview: false, viewOnly: false, watermark: false, recipient: null, needsClaim: false },
    branding: { ...texts, logo: logo === undefined ? (await readBranding()).logo : urlOf(logo) },
  }
}

const sample = (file: Pick<LinkFile, "name" | "size" | "contentType">): LinkFile => ({
  ...file,
  ...{ id: file.name, path: "", status: "ready", isPaused: false, hasThumbnail: false },
  ...{ sha256: null, sha256Verified: false, preview: null },
})

const urlOf = (logo: Uint8Array | null) =>
  logo && `data:${logoType(logo)};base64,${Buffer.from(logo).toString("base64")}`
