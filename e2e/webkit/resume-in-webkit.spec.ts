import { createHash } from "node:crypto"
import fs from "node:fs"
import { mergeTests } from "@playwright/test"
import { type FaultyProxy, openFaultyProxy } from "../faulty-proxy.ts"
import { expect } from "../fixtures.ts"
import { uploadFromDisk } from "../large-file.ts"
import { test as ownInstallation } from "../own-installation.ts"
import { randomFile } from "../random-file.ts"
import { test as inWebKit, type Person, withoutWebKit } from "./webkit.ts"

const SIZE = 72 * 1024 ** 2

const test = mergeTests(ownInstallation, inWebKit).extend<{ storeProxy: FaultyProxy }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern
  storeProxy: async ({}, use) => {
    const storeProxy = await openFaultyProxy()
    await use(storeProxy)
    await storeProxy.close()
  },
  settings: ({ storeProxy }, use) => use({ S3_PUBLIC_ENDPOINT: storeProxy.url }),
  own: async ({ own, storeProxy }, use) => {
    storeProxy.forwardTo(own.storeUrl)
    await use(own)
  },
})

test.skip(...withoutWebKit)
test.setTimeout(180_000)

test("in WebKit a large download is paused, survives a reload, and goes on to its last byte, as one claim", async ({
  member,
  person,
  storeProxy,
}) => {
  const film = randomFile("film.mov", SIZE)
  const { id } = await uploadFromDisk(member, "film.mov", film)
  const share = await member.shareFiles([id])
  const visitor = await person()
  await visitor.goto(share.url)
  storeProxy.limitRate(SIZE / 16)
  await visitor.press("Resumable download")
  await reached(visitor, 30)
  await visitor.press("Pause")
  await visitor.sees("Paused.")

  await visitor.reload()
  await visitor.sees("Paused.")
  const part = (await percent(visitor)) / 100
  expect(part, "finished pieces are kept").toBeGreaterThan(0)
  storeProxy.limitRate(null)
  await visitor.press("Resume")
  await visitor.sees("Complete and verified", 90_000)
  const file = await visitor.downloaded("film.mov")
  expect(createHash("sha256").update(fs.readFileSync(file)).digest("hex")).toBe(film.sha256)
  expect(await member.readShare(share.id)).toMatchObject({ downloads: 1 })
  film.remove()
})

const percent = (person: Person) =>
  person.evaluate<number>(
    "return Number(document.querySelector('[role=progressbar]')?.getAttribute('aria-valuenow') ?? 0)",
  )

const reached = (person: Person, wanted: number) =>
  expect.poll(() => percent(person), { timeout: 60_000 }).toBeGreaterThanOrEqual(wanted)
