import "server-only"
import { previewOf } from "#lib/rooms/files/preview-kind.ts"
import { refused } from "../access/refusals.ts"
import type { GrantedFile } from "../access/rows.ts"
import type { VisitorCookies } from "../visitor/visitor-cookies.ts"
import { look } from "./look.ts"

type Described = Pick<GrantedFile, "id" | "name" | "contentType" | "size">

/** Describes the file that a click would download. Counts nothing. Refuses as `claim` does. */
export async function describeFile(
  publicId: Uint8Array,
  fileId: string,
  cookies: VisitorCookies,
): Promise<Described> {
  const { file } = await look({ publicId, fileId, takes: "download", cookies, mint: null })
  return file
}

/** Describes the file that a preview would show. Refuses as `preview` does. */
export async function describePreview(
  publicId: Uint8Array,
  fileId: string,
  cookies: VisitorCookies,
): Promise<Described> {
  const { file } = await look({ publicId, fileId, takes: "preview", cookies, mint: null })
  const shown = previewOf(file.name, file.contentType)
  if (!shown) throw refused("no_kind")
  return { ...file, contentType: shown.contentType }
}
