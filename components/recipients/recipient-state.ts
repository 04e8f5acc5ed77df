import type { LinkView } from "#lib/rooms/shares/links/link.ts"
import type { ShareKind } from "#lib/rooms/shares/share.ts"

const DAY_MS = 86_400_000

/** Whether a link may be mailed again: a mail that the server took or has yet to take is once a day. */
export const isRemindable = (
  { mail, address, revokedAt }: Pick<LinkView, "mail" | "address" | "revokedAt">,
  now: Date,
): boolean =>
  address !== "" &&
  revokedAt === null &&
  (mail === null || mail.state === "failed" || Date.parse(mail.at) < now.getTime() - DAY_MS)

type State =
  | ("erased" | "revoked" | "downloaded" | "opened" | "refused" | "not_opened")
  | ("sent" | "not_sent")

/**
 * Returns the state that the list shows first for a recipient's link. Recipients of a request have
 * sent once a file came in by their link; finished deliveries are its downloads.
 */
export function stateOf(
  { name, address, revokedAt, downloads, openedAt, mail }: LinkView,
  { kind, viewOnly }: { kind: ShareKind; viewOnly: boolean },
  hasSent: boolean,
): State {
  const isRequest = kind === "request"
  if (name === "" && address === "") return "erased"
  if (revokedAt !== null) return "revoked"
  if (isRequest && hasSent) return "sent"
  if (downloads > 0 && !viewOnly) return isRequest ? "sent" : "downloaded"
  if (openedAt !== null) return isRequest ? "not_sent" : "opened"
  return mail?.state === "failed" ? "refused" : "not_opened"
}
