// Visits limited links to a file in turn, as visitors of another replica do, after a message: node
// testing/children/limited-visit-child.ts FILE_ID VISITORS PUBLIC_ID… Sends the result of each visit
// with the public id. A second message names a link, which it revokes meanwhile.

import { db } from "#lib/adapters/database.ts"
import type { PersonId } from "#lib/rooms/accounts/member.ts"
import { eachOf } from "#lib/rooms/cut-offs/each-of.ts"
import { revokeLink } from "#lib/rooms/shares/links/revoke-link.ts"
import { linkAt } from "#testing/builders/a-recipient.ts"
import { type LimitedVisit, visitLimited } from "#testing/builders/limited-visit.ts"

const AT_ONCE = 25

type Revoked = { owner: PersonId; shareId: string; linkId: string }

const [fileId = "", visitors = "", ...links] = process.argv.slice(2)

process.on("disconnect", () => process.exit(0))
process.once("message", async () => {
  let revoked: Promise<unknown> = Promise.resolve()
  process.once("message", ({ owner, shareId, linkId }: Revoked) => {
    revoked = revokeLink(linkAt({ owner, shareId }, linkId))
  })
  const visits: (LimitedVisit & { link: string })[] = []
  const asked = Array.from({ length: Number(visitors) }, (_, n) => links[n % links.length] ?? "")
  await eachOf(asked, AT_ONCE, async (link) => {
    const visit = await visitLimited({ publicId: Buffer.from(link, "hex"), fileId })
    visits.push({ ...visit, link })
  })
  await revoked
  process.send?.(visits)
})
await db.$queryRaw`SELECT 1`
process.send?.("ready")
