import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { createHash } from "node:crypto"
import fs from "node:fs"
import { uploadFromDisk } from "../files/large-file.ts"
import { randomFile } from "../files/random-file.ts"
import { expect } from "../fixtures.ts"
import { test as ownInstallation } from "../installation/own-installation.ts"
import type { ShareView } from "../member-client.ts"
import { type FaultyProxy, openFaultyProxy } from "../network/faulty-proxy.ts"

const MiB = 1024 ** 2
const SIZE = 30 * MiB

type Fixtures = {
  storeProxy: FaultyProxy
  film: ReturnType<typeof randomFile>
  share: ShareView
}

const test = ownInstallation.extend<Fixtures>({
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
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern
  film: async ({}, use) => {
    const film = randomFile("film.mov", SIZE)
    await use(film)
    film.remove()
  },
  share: async ({ member, film }, use) => {
    const file = await uploadFromDisk(member, "film.mov", film)
    await use(await member.shareFiles([file.id], { maxDownloads: 2 }))
  },
})

/**
 * The commands of the first attempt, which claims, and of the continuation. `jar` keeps the ticket.
 */
const PROGRAMS = {
  curl: {
    claim: (url: string, jar: string, out: string) => [
      "-sS",
      "-L",
      "--data",
      "",
      "-c",
      jar,
      "-o",
      out,
      url,
    ],
    resume: (url: string, jar: string, out: string) => [
      "-sS",
      "-L",
      "-C",
      "-",
      "-b",
      jar,
      "-o",
      out,
      url,
    ],
  },
  wget: {
    claim: (url: string, jar: string, out: string) => [
      "-q",
      "--tries=1",
      "--post-data=",
      "--keep-session-cookies",
      "--save-cookies",
      jar,
      "-O",
      out,
      url,
    ],
    resume: (url: string, jar: string, out: string) => [
      "-q",
      "--tries=1",
      "-c",
      "--load-cookies",
      jar,
      "-O",
      out,
      url,
    ],
  },
}

for (const [name, program] of Object.entries(PROGRAMS)) {
  test(`${name} continues a broken download through the app's URL, which counts once`, async ({
    storeProxy,
    film,
    member,
    share,
  }, testInfo) => {
    test.skip(spawnSync(name, ["--version"]).status !== 0, `${name} is not on this machine.`)
    const jar = testInfo.outputPath("cookies.txt")
    const out = testInfo.outputPath("film.mov")
    const url = `${share.url}/d/${share.files[0]?.id}`

    storeProxy.limitRate(5 * MiB)
    const first = spawn(name, program.claim(url, jar, out))
    await expect.poll(() => storeProxy.gets.at(-1)?.sent ?? 0).toBeGreaterThan(SIZE / 4)
    storeProxy.disconnect()
    expect(await ended(first)).not.toBe(0)
    const half = fs.statSync(out).size
    expect(half).toBeGreaterThan(MiB)
    expect(half).toBeLessThan(SIZE)

    storeProxy.reconnect()
    storeProxy.limitRate(null)
    expect(await ended(spawn(name, program.resume(url, jar, out)))).toBe(0)
    expect(createHash("sha256").update(fs.readFileSync(out)).digest("hex")).toBe(film.sha256)
    expect(storeProxy.gets.at(-1)).toMatchObject({ range: `bytes=${half}-`, status: 206 })
    expect(await (await member.get(`/shares/${share.id}`)).json()).toMatchObject({ downloads: 1 })
  })
}

const ended = (child: ChildProcess) =>
  new Promise<number | null>((resolve) => child.once("close", resolve))
