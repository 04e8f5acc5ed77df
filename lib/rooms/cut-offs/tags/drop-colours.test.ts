import { afterEach, describe, expect, it } from "vitest"
import { configuration } from "#lib/adapters/configuration.ts"
import { db } from "#lib/adapters/database.ts"
import { probeColoursAgain, requireColoursOfObjects } from "#lib/rooms/files/objects/colours.ts"
import { aSharedFile, cutOffFileToEnd, statusOf } from "#testing/builders/shared-file.ts"
import { forgetProcessWide } from "#testing/forget-process-wide.ts"
import { runLapse } from "#testing/lapse/run-lapse.ts"
import { dropColours } from "./drop-colours.ts"

const SIGNERS = configuration.S3_SIGNERS

async function withSigners(signers: typeof SIGNERS) {
  Object.assign(configuration, { S3_SIGNERS: signers })
  forgetProcessWide("storage client")
  await probeColoursAgain()
}
afterEach(() => withSigners(SIGNERS))

const live = (fileId: string) => db.object.findFirstOrThrow({ where: { fileId, state: "live" } })

const environment = () => ({
  APP_URL: configuration.APP_URL,
  DATABASE_URL: configuration.DATABASE_URL,
  AUTH_SECRET: configuration.AUTH_SECRET,
  LINK_SECRET: configuration.LINK_SECRET.join(","),
  S3_BUCKET: configuration.S3_BUCKET,
  S3_ENDPOINT: configuration.S3_ENDPOINT ?? "",
})

describe("signers that are given up", () => {
  it("leave files that the app's key opens, and a cut off copies them", async () => {
    const shared = await aSharedFile()
    const byColour = await shared.click()
    const { colour } = await live(shared.fileId)
    await withSigners(undefined)
    await expect(requireColoursOfObjects()).rejects.toThrow("colours off")

    expect(await dropColours()).toBe(1)

    await requireColoursOfObjects()
    const object = await live(shared.fileId)
    expect(object.colour).toBeNull()
    expect(Object.keys(object.leftColours as object)).toEqual([colour])
    const byApp = await shared.click()
    expect(await statusOf(byApp)).toBe(200)
    const cutOff = await cutOffFileToEnd(shared)
    expect(cutOff).toMatchObject({ state: "done", how: "rekeyed" })
    for (const url of [byColour, byApp]) expect([403, 404]).toContain(await statusOf(url))
  })

  it("are removed only once, and no file without a colour is touched", async () => {
    await aSharedFile()
    expect(await dropColours()).toBe(1)
    expect(await dropColours()).toBe(0)
  })
})

describe("lapse colours off", () => {
  it("asks, and removes the colour of every file if the answer is yes", {
    timeout: 60_000,
  }, async () => {
    const shared = await aSharedFile()

    const asked = await runLapse(["colours", "off"], environment())
    expect(asked.said).toContain("The app's key will sign for 1 files")
    expect(asked.code).toBe(1)
    expect((await live(shared.fileId)).colour).not.toBeNull()

    const done = await runLapse(["colours", "off", "--yes"], environment())
    expect(done.said).toContain("1 files have no colour any more")
    expect(done.code).toBe(0)
    expect((await live(shared.fileId)).colour).toBeNull()
    const again = await runLapse(["colours", "off", "--yes"], environment())
    expect(again).toMatchObject({ code: 0, said: expect.stringContaining("No file has a colour") })
  })

  it("refuses while S3_SIGNERS is set: the next start would colour files again", async () => {
    const set = { S3_SIGNERS: "amber:a:secret,blue:b:secret" }
    const refused = await runLapse(["colours", "off", "--yes"], { ...environment(), ...set })
    expect(refused).toMatchObject({ code: 1, said: expect.stringContaining("remove it first") })
  })
})
