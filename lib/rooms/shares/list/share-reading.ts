import "server-only"
import { refusal } from "#lib/adapters/text/sentences.ts"

/** Refuses (invalid) a share that allows neither a preview nor a download. */
export function refuseUnreadable({ preview, viewOnly }: { preview: boolean; viewOnly: boolean }) {
  if (preview || !viewOnly) return
  throw refusal("invalid", "preview_or_download", {}, { field: "viewOnly" })
}
