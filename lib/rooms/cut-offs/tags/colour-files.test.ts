import { randomBytes } from "node:crypto"
import { afterEach, describe, expect, it } from "vitest"
import { configuration } from "#lib/adapters/configuration.ts"
import { db } from "#lib/adapters/database.ts"
import { SetupError } from "#lib/adapters/errors.ts"
import { STORE_TIMEOUTS } from "#lib/adapters/storage/calls/store-timeouts.ts"
import { readColour } from "#lib/adapters/storage.ts"
import { probeColoursAgain, requireColoursOfObjects } from "#lib/rooms/files/objects/colours.ts"
import { aSharedFile, cutOffFileToEnd, statusOf } from "#testing/builders/shared-file.ts"
import { forgetProcessWide } from "#testing/forget-process-wide.ts"
import { type Fate, throughStoreProxy } from "#testing/store/store-proxy.ts"
import { colourFiles } from "./colour-files.ts"

const SIGNERS = configuration.S3_SIGNERS
const TIMEOUTS = { ...STORE_TIMEOUTS }

afterEach(async () => {
  await withSigners(SIGNERS)
})

async function withSigners(signers: typeof SIGNERS) {
  Object.assign(configuration, { S3_SIGNERS: signers })
  forgetProcessWide("storage client")
  return probeColoursAgain()
}

const live = (fileId: string) => db.object.findFirstOrThrow({ where: { fileId, state: "live" } })

describe("files from before colours", () => {
  it("get one by a job, and open before and after it", async () => {
    await withSigners(undefined)
    const shared = await aSharedFile()
    const before = await shared.click()
    expect(await live(shared.fileId)).toMatchObject({ colour: null })

    await withSigners(SIGNERS)
    expect(await statusOf(await shared.click())).toBe(200)
    await colourFiles()
    await colourFiles()

    const { key, colour } = await live(shared.fileId)
    expect(colour).not.toBeNull()
    expect(await readColour(key)).toBe(colour)
    expect(await statusOf(await shared.click())).toBe(200)

    // The app's own key signed a URL that still works, so only a copy ends it.
    const cutOff = await cutOffFileToEnd(shared)
    expect(cutOff).toMatchObject({ state: "done", how: "rekeyed" })
    expect([403, 404]).toContain(await statusOf(before))
  })

  it("are recoloured once no URL of the app's key works any more", async () => {
    await withSigners(undefined)
    const shared = await aSharedFile()
    await withSigners(SIGNERS)
    await colourFiles()
    await db.$executeRaw`
      UPDATE object SET left_colours = '{"": "2026-01-01T00:00:00Z"}'
      WHERE file_id = ${shared.fileId}::uuid`
    const kept = await shared.click()

    const cutOff = await cutOffFileToEnd(shared)

    expect(cutOff).toMatchObject({ state: "done", how: "recoloured" })
    expect(await statusOf(kept)).toBe(403)
  })
})

describe("signers that the store does not keep apart", () => {
  it("are not used: uploads have no colour and a cut off copies", async () => {
    const key = { accessKeyId: process.env.AWS_ACCESS_KEY_ID ?? "" }
    const all = { ...key, secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY ?? "" }
    const colours = await withSigners([
      { colour: "amber", ...all },
      { colour: "blue", ...all },
    ])
    expect(colours).toEqual([])

    const shared = await aSharedFile()
    const kept = await shared.click()
    const cutOff = await cutOffFileToEnd(shared)
    expect(cutOff).toMatchObject({ how: "rekeyed", probe: { before: 206, status: 404 } })
    expect(await statusOf(kept)).toBe(404)
  })

  it("are detected by a cut off, even if they passed the probe before: it copies", async () => {
    const [amber, blue] = SIGNERS ?? []
    if (!amber || !blue) throw new Error("two signers")
    await withSigners([amber, blue])
    const shared = await aSharedFile()
    const { colour } = await live(shared.fileId)
    const all = {
      accessKeyId: process.env.AWS_ACCESS_KEY_ID ?? "",
      secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY ?? "",
    }
    // From now on the key of its colour reads everything.
    Object.assign(configuration, {
      S3_SIGNERS: [amber, blue].map((one) => (one.colour === colour ? { ...one, ...all } : one)),
    })
    forgetProcessWide("storage client")
    const kept = await shared.click()

    const cutOff = await cutOffFileToEnd(shared)

    expect(cutOff).toMatchObject({
      state: "done",
      how: "rekeyed",
      probe: { before: 206, status: 404 },
    })
    expect(await statusOf(kept)).toBe(404)
  })

  it("lose nothing that was coloured before: a cut off copies it", async () => {
    const shared = await aSharedFile()
    const kept = await shared.click()
    const [amber, blue, green] = SIGNERS ?? []
    if (!amber || !blue || !green) throw new Error("three signers")
    const wrong = { ...blue, secretAccessKey: randomBytes(8).toString("hex") }
    const { colour } = await live(shared.fileId)
    const others = [amber, wrong, green].filter((signer) => signer.colour !== colour)
    const own = (SIGNERS ?? []).filter((signer) => signer.colour === colour)
    const broken = others.map((signer) => ({ ...signer, secretAccessKey: "wrong" }))
    expect(await withSigners([...own, ...broken])).toEqual([])

    expect(await statusOf(await shared.click())).toBe(200)
    const cutOff = await cutOffFileToEnd(shared)
    expect(cutOff).toMatchObject({ state: "done", how: "rekeyed" })
    expect([403, 404]).toContain(await statusOf(kept))
  })

  it("are what the last probe found while the store does not answer", async () => {
    let fate: Fate = "forwarded"
    Object.assign(STORE_TIMEOUTS, { probe: 300, total: 300 })
    await throughStoreProxy(
      () => fate,
      async () => {
        const colours = await probeColoursAgain()
        expect(colours).toHaveLength(3)
        fate = "held"
        expect(await probeColoursAgain()).toEqual(colours)

        await db.installation.updateMany({ data: { signersFound: { store: "another" } } })
        expect(await probeColoursAgain()).toEqual([])
      },
    )
    Object.assign(STORE_TIMEOUTS, TIMEOUTS)
  })

  it("prevent the start if objects have a colour without a key", async () => {
    await aSharedFile()
    await requireColoursOfObjects()
    await withSigners([
      { colour: "red", accessKeyId: "a", secretAccessKey: "b" },
      { colour: "white", accessKeyId: "c", secretAccessKey: "d" },
    ])

    await expect(requireColoursOfObjects()).rejects.toThrow(SetupError)
    await expect(requireColoursOfObjects()).rejects.toThrow(/^S3_SIGNERS has no key for the colour/)
  })
})
