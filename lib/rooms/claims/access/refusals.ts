import "server-only"
import { metrics } from "#lib/adapters/monitoring/metrics.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"

const CODES = {
  unknown: "not_found",
  revoked: "gone",
  expired: "gone",
  used_up: "gone",
  scheduled: "forbidden",
  verify: "verify",
  locked: "locked",
  no_picture: "not_found",
  missing: "not_found",
  deleted: "gone",
  abandoned: "gone",
  uploading: "conflict",
  empty: "conflict",
  not_direct: "forbidden",
  view_only: "view_only",
  on_page_only: "view_only",
  no_preview: "no_preview",
  needs_claim: "needs_claim",
  no_kind: "unsupported",
  machine: "forbidden",
  no_person: "forbidden",
  storage: "unavailable",
} as const

/** Why a visitor may not have a file. Most reasons are results of the rule in access.ts. */
export type Reason = keyof typeof CODES

/** Makes the refusal for a visitor, and counts it in the metrics by its reason. */
export function refused(reason: Reason) {
  metrics().refusals.inc({ reason })
  return refusal(CODES[reason], reason)
}
