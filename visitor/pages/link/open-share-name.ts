import { shareName } from "#components/shares/share-name.ts"
import type { OpenPage } from "#lib/rooms/claims/open/link-page.ts"
import type { Words } from "#visitor/language/page-words.ts"

/** The name of an open share, as its owner sees it. */
export function openShareName({ title, name, counts }: OpenPage, t: Words["t"]): string {
  const fileCount = counts.ready + counts.arriving + counts.abandoned
  return shareName({ title, name, fileCount }, (_key, values) => t("visitor.andMore", values))
}
