import "server-only"
import { Refusal } from "#lib/errors.ts"

/** Refuses (invalid) a share that allows neither a preview nor a download. */
export function refuseUnreadable({ preview, viewOnly }: { preview: boolean; viewOnly: boolean }) {
  if (preview || !viewOnly) return
  throw new Refusal("invalid", "Allow previews or downloads: visitors need at least one.", {
    field: "viewOnly",
  })
}
