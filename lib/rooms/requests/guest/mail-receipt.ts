import "server-only"
import { canSendMail } from "#lib/adapters/configuration.ts"
import type { Tx } from "#lib/adapters/database.ts"
import { Refusal } from "#lib/adapters/errors.ts"
import { addressPrefix, countedNetwork } from "#lib/adapters/http/address-prefix.ts"
import type { Locale } from "#lib/adapters/text/languages.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import { countAttempts } from "#lib/adapters/throttle/attempt-limits.ts"
import { Email } from "#lib/rooms/accounts/member.ts"
import { queueMail } from "#lib/rooms/mail/queue-mail.ts"
import type { RequestGuest } from "./guest.ts"

/** The guest who ends a delivery: the link, the client's address, and the page's language. */
export type Finisher = { publicId: Uint8Array; address: string; language: Locale }

type Sent = { to: string; files: number; bytes: number; doneAt: Date }

/**
 * Queues the mail with the receipt of a delivery, in the transaction that ends it. The mail contains
 * no text from the sender, who may give the address of someone else. It is left out without notice
 * if there is no mail server, the address is invalid, or more than five an hour go to the address or
 * sixty come from the network.
 */
export async function mailReceipt(
  tx: Tx,
  { deliveryId, owner, title, ticket }: RequestGuest,
  { publicId, address, language }: Finisher,
  { to, files, bytes, doneAt }: Sent,
): Promise<void> {
  const email = Email.safeParse(to)
  if (!canSendMail() || !email.success) return
  const network = countedNetwork(address) ?? addressPrefix(address)
  try {
    // One after the other, so that a mail which the address does not get counts for no network.
    await countAttempts(tx, [{ purpose: "receipt_to", subject: email.data, count: 1 }])
    await countAttempts(tx, [{ purpose: "receipt_from", subject: network, count: 1 }])
  } catch (error) {
    if (error instanceof Refusal) return
    throw error
  }
  const { name } = await tx.member.findUniqueOrThrow({
    where: { id: owner },
    select: { name: true },
  })
  const { open } = await tx.link.findUniqueOrThrow({
    where: { id: ticket.linkId },
    select: { open: true },
  })
  const link = Buffer.from(publicId).toString("base64url")
  const values = { link, open, title, by: plainName(name), files, bytes, at: doneAt.toISOString() }
  await queueMail(tx, { kind: "receipt", values, to: email.data, language, targetId: deliveryId })
}
