import { expect, test } from "vitest"
import { parse } from "#lib/adapters/http/input.ts"
import { aRecipient, linkAt } from "#testing/builders/a-recipient.ts"
import { aSharedFile } from "#testing/builders/shared-file.ts"
import { eraseLink } from "./erase-recipients.ts"
import { listKnownRecipients } from "./known-recipients.ts"
import { Recipient } from "./link.ts"
import { typedAs } from "./typed-recipient.ts"

test("a member's recipients are known by their last name, the latest first, and until erased", async () => {
  const shared = await aSharedFile()
  await aRecipient(shared, "Pia <pia@example.org>")
  await aRecipient(shared, "Printed in the lobby")
  const jun = await aRecipient(shared, "sato@example.org")
  const again = {
    owner: shared.owner,
    shareId: (await aSharedFile({ owner: shared.owner })).shareId,
  }
  await aRecipient(again, "Pia Phone <pia@example.org>")
  expect(await listKnownRecipients(shared.owner)).toEqual([
    '"Pia Phone" <pia@example.org>',
    "sato@example.org",
  ])
  await eraseLink(linkAt(shared, jun.id))
  expect(await listKnownRecipients(shared.owner)).toEqual(['"Pia Phone" <pia@example.org>'])
  expect(await listKnownRecipients((await aSharedFile()).owner)).toEqual([])
})

test.each([
  { name: 'Ada "the" Countess', address: "ada@example.org" },
  { name: "Back\\slash", address: "ada@example.org" },
  { name: "", address: "ada@example.org" },
  { name: "Ada", address: "" },
])("%j is read as it is typed", (recipient) => {
  expect(parse(Recipient, typedAs(recipient))).toEqual(recipient)
})
