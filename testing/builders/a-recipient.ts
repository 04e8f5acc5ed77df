import { Refusal } from "#lib/adapters/errors.ts"
import { parse } from "#lib/adapters/http/input.ts"
import { newId } from "#lib/adapters/text/uuid.ts"
import type { PersonId } from "#lib/rooms/accounts/member.ts"
import { addLinks } from "#lib/rooms/shares/links/add-links.ts"
import { type LinkView, type NewRecipient, Recipient } from "#lib/rooms/shares/links/link.ts"
import type { ShareKind } from "#lib/rooms/shares/share.ts"
import { acting } from "./acting.ts"

type Of = { owner: PersonId; shareId: string; kind?: ShareKind }

/** A share and one of its links, as verbs of links take them. */
export const linkAt = ({ owner, shareId, kind = "share" }: Of, linkId: string) => ({
  actor: acting(owner),
  shareId,
  kind,
  linkId,
})

/** The link of a recipient whom the owner of a share adds. */
export async function aRecipient(
  of: Of,
  typed = "Maria <maria@example.org>",
  own: Omit<NewRecipient, "recipient"> = {},
): Promise<LinkView> {
  const recipients = [{ recipient: parse(Recipient, typed), ...own }]
  const [link] = await addLinks(linkAt(of, ""), recipients, { ids: [newId()] })
  if (!link || link instanceof Refusal) throw link ?? new Error("there is an answer")
  return link
}
