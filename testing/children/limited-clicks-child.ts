// Clicks on a limited link, always as a new visitor of another replica, after a message, until the
// limit is reached: node testing/children/limited-clicks-child.ts PUBLIC_ID FILE_ID. Sends the ids
// of the tickets it got.

import { db } from "#lib/adapters/database.ts"
import { Refusal } from "#lib/adapters/errors.ts"
import { claim } from "#lib/rooms/claims/claim/claim.ts"
import { newVisitId } from "#lib/rooms/claims/visitor/visitor-cookies.ts"
import { source } from "#testing/look-and-click.ts"

const AT_ONCE = 12

const [publicId = "", fileId = ""] = process.argv.slice(2)
const link = { publicId: Buffer.from(publicId, "hex"), fileIds: [fileId], directOnly: false }

async function clickUntilUsedUp() {
  for (;;) {
    const cookies = { visitId: newVisitId(), ticket: null, unlock: null }
    try {
      const { ticket } = await claim({ ...link, cookies, source })
      process.send?.([ticket?.id])
    } catch (error) {
      if (error instanceof Refusal && error.code === "gone") return
      throw error
    }
  }
}

process.on("disconnect", () => process.exit(0))
process.once("message", async () => {
  await Promise.all(Array.from({ length: AT_ONCE }, clickUntilUsedUp))
  process.disconnect?.()
})
await db.$queryRaw`SELECT 1`
process.send?.("ready")
