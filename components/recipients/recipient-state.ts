import type { LinkView } from "#lib/rooms/shares/links/link.ts"

const DAY_MS = 86_400_000

/** Whether a link may be mailed again: a mail that the server took or has yet to take is once a day. */
export const isRemindable = (
  { mail, address, revokedAt }: Pick<LinkView, "mail" | "address" | "revokedAt">,
  now: Date,
): boolean =>
  address !== "" &&
  revokedAt === null &&
  (mail === null || mail.state === "failed" || Date.parse(mail.at) < now.getTime() - DAY_MS)

type State = "erased" | "revoked" | "downloaded" | "opened" | "refused" | "not_opened"

/** What the list says first about a recipient's link. */
export function stateOf(
  { name, address, revokedAt, downloads, openedAt, mail }: LinkView,
  { viewOnly }: { viewOnly: boolean },
): State {
  if (name === "" && address === "") return "erased"
  if (revokedAt !== null) return "revoked"
  if (downloads > 0 && !viewOnly) return "downloaded"
  if (openedAt !== null) return "opened"
  return mail?.state === "failed" ? "refused" : "not_opened"
}
