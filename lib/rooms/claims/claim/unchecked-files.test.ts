import { expect, it } from "vitest"
import { configuration } from "#lib/adapters/configuration.ts"
import { databaseTime } from "#lib/adapters/database/time.ts"
import { db } from "#lib/adapters/database.ts"
import { Refusal } from "#lib/adapters/errors.ts"
import { presignOwnGet } from "#lib/adapters/storage.ts"
import { scanNext } from "#lib/rooms/files/scan/scan-file.ts"
import { readPicture } from "#lib/rooms/files/thumbnails/missing-thumbnails.ts"
import { outcomeOf, VERB_NAMES } from "#testing/access/verbs.ts"
import { aFile } from "#testing/builders/a-file.ts"
import { aLink } from "#testing/builders/a-link.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { newVisitor } from "#testing/look-and-click.ts"
import { startFalseClamd } from "#testing/programs/clamd.ts"

const TRIES = process.env.HEAVY ? 10_000 : 110
const AT_ONCE = 12

const codeOf = (error: unknown) => (error instanceof Refusal ? error.code : "a bug")

/** A scanner that answers only when released: every file is clean. */
async function aSlowScanner() {
  let isAllowed = false
  const clamd = await startFalseClamd((socket) => {
    socket.resume()
    const timer = setInterval(() => isAllowed && socket.end("stream: OK\0"), 20)
    socket.on("close", () => clearInterval(timer))
  })
  const allow = () => {
    isAllowed = true
  }
  return { ...clamd, allow }
}

it("nobody gets a file while it is scanned", { timeout: 600_000 }, async () => {
  const clamd = await aSlowScanner()
  Object.assign(configuration, { CLAMD_ADDRESS: clamd.address })
  const owner = await aMember()
  const { id: fileId } = await aFile({ owner, name: "boat.png", contentType: "image/png" })
  const link = await aLink({ like: { ownerId: owner, fileIds: [fileId] }, direct: true })
  const { key } = await db.object.findFirstOrThrow({ where: { fileId } })
  const colours = (configuration.S3_SIGNERS ?? []).map(({ colour }) => colour)
  const verbs = VERB_NAMES.filter((verb) => verb !== "page")

  // A slow machine takes longer for all tries than a scan waits for clamd by default.
  const scanning = scanNext(0, { silenceMs: 600_000 })
  const outcomes = new Map<string, number>()
  let tried = 0
  const count = (outcome: string) => outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
  const tryOn = async () => {
    while (tried < TRIES) {
      const turn = tried++
      const verb = verbs[turn % verbs.length] ?? "claim"
      const asked = { publicId: link.publicId, fileId, cookies: newVisitor() }
      count(await outcomeOf(verb, asked))
      if (turn % 10 === 5) count(await readPicture(owner, fileId).then(() => "yes", codeOf))
      if (turn % 10 > 0 || colours.length === 0) continue
      const colour = colours[(turn / 10) % colours.length] ?? null
      const url = await presignOwnGet(key, colour, await databaseTime())
      count(`store ${(await fetch(url)).status}`)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, tryOn))

  expect((await db.file.findUniqueOrThrow({ where: { id: fileId } })).status).toBe("checking")
  const allowed = [...outcomes.keys()].filter((outcome) => /^(yes|a bug|store 2)/.test(outcome))
  expect(allowed).toEqual([])
  expect(outcomes.get("uploading")).toBeGreaterThan(TRIES / 3)
  expect(await db.share.findFirst({ select: { minted: true, downloads: true } })).toEqual({
    minted: false,
    downloads: 0,
  })

  clamd.allow()
  await scanning
  clamd.stop()
  const asked = { publicId: link.publicId, fileId, cookies: newVisitor() }
  expect(await outcomeOf("claim", asked)).toBe("yes")
  expect(await outcomeOf("preview", asked)).toBe("yes")
})
