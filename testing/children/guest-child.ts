// Sends to a request as guests of another replica do, for each message with its public id: node
// testing/children/guest-child.ts REPLICA GUESTS. Each guest has an address; meanwhile one client
// begins delivery after delivery and sends nothing. Sends how many files each side started.

import { db } from "#lib/adapters/database.ts"
import { Refusal } from "#lib/adapters/errors.ts"
import { eachOf } from "#lib/rooms/cut-offs/each-of.ts"
import { startUploads } from "#lib/rooms/files/upload/start-upload.ts"
import { beginGuest, type RequestGuest } from "#lib/rooms/requests/guest/guest.ts"
import { answered } from "#testing/builders/a-request.ts"
import { MIB } from "#testing/units.ts"

const AT_ONCE = 8
const HOSTILE = { address: "203.0.113.9", deliveries: 12, files: 40 }

const [replica = "", guests = ""] = process.argv.slice(2)
const NOBODY = { unlock: null, delivery: null }

const begin = (publicId: Uint8Array, address: string) =>
  answered(() => beginGuest(publicId, NOBODY, { address }))

async function start(guest: RequestGuest, count: number): Promise<number> {
  const file = { name: "boat.jpg", size: MIB, contentType: "image/jpeg" }
  const files = Array.from({ length: count }, () => file)
  const answers = await answered(() => startUploads(guest, files))
  return answers.filter((one) => !(one instanceof Refusal)).length
}

process.on("disconnect", () => process.exit(0))
process.on("message", async (publicIdText: string) => {
  const publicId = Buffer.from(publicIdText, "hex")
  const started = { honest: 0, hostile: 0 }
  const flood = async () => {
    for (let n = 0; n < HOSTILE.deliveries; n++) {
      const files = await start(await begin(publicId, HOSTILE.address), HOSTILE.files)
      started.hostile += files
    }
  }
  const places = Array.from({ length: Number(guests) }, (_, n) => `10.${replica}.1.${n}`)
  const send = async (address: string) => {
    const files = await start(await begin(publicId, address), 1)
    started.honest += files
  }
  await Promise.all([flood(), eachOf(places, AT_ONCE, send)])
  process.send?.(started)
})
await db.$queryRaw`SELECT 1`
process.send?.("ready")
