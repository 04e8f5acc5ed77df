// Visits a limited link as visitors of another replica do, after a message: node
// testing/children/limited-visit-child.ts PUBLIC_ID FILE_ID VISITORS. Sends the result of each
// visit.

import { db } from "#lib/adapters/database.ts"
import { eachOf } from "#lib/rooms/cut-offs/each-of.ts"
import { type LimitedVisit, visitLimited } from "#testing/builders/limited-visit.ts"

const AT_ONCE = 20

const [publicId = "", fileId = "", visitors = ""] = process.argv.slice(2)
const link = { publicId: Buffer.from(publicId, "hex"), fileId }

process.on("disconnect", () => process.exit(0))
process.once("message", async () => {
  const visits: LimitedVisit[] = []
  const some = Array.from({ length: Number(visitors) })
  await eachOf(some, AT_ONCE, async () => void visits.push(await visitLimited(link)))
  process.send?.(visits)
})
await db.$queryRaw`SELECT 1`
process.send?.("ready")
