import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { createHash } from "node:crypto"
import fs from "node:fs"
import { MIB } from "#testing/units.ts"
import { uploadFromDisk } from "../../files/large-file.ts"
import { randomFile } from "../../files/random-file.ts"
import { expect } from "../../fixtures.ts"
import { test as ownInstallation } from "../../installation/own-installation.ts"
import { type FaultyProxy, openFaultyProxy } from "../../network/faulty-proxy.ts"

const SIZE = 30 * MIB

type Fixtures = {
  storeProxy: FaultyProxy
  film: ReturnType<typeof randomFile>
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

test("curl and wget continue a broken download through the app's URL, which counts once", async ({
  storeProxy,
  film,
  member,
}, testInfo) => {
  const isThere = ([name]: [string, unknown]) => spawnSync(name, ["--version"]).status === 0
  const programs = Object.entries(PROGRAMS).filter(isThere)
  test.skip(programs.length === 0, "Neither curl nor wget is on this machine.")
  const file = await uploadFromDisk(member, "film.mov", film)
  for (const [name, program] of programs) {
    const share = await member.shareFiles([file.id], { maxDownloads: 2 })
    const jar = testInfo.outputPath(`${name}.txt`)
    const out = testInfo.outputPath(`${name}.mov`)
    const url = `${share.url}/d/${file.id}`

    storeProxy.limitRate(5 * MIB)
    const gets = storeProxy.gets.length
    const first = spawn(name, program.claim(url, jar, out))
    await expect.poll(() => storeProxy.gets[gets]?.sent ?? 0).toBeGreaterThan(SIZE / 4)
    storeProxy.disconnect()
    expect(await ended(first)).not.toBe(0)
    const half = fs.statSync(out).size
    expect(half).toBeGreaterThan(MIB)
    expect(half).toBeLessThan(SIZE)

    storeProxy.reconnect()
    storeProxy.limitRate(null)
    expect(await ended(spawn(name, program.resume(url, jar, out)))).toBe(0)
    expect(createHash("sha256").update(fs.readFileSync(out)).digest("hex")).toBe(film.sha256)
    expect(storeProxy.gets.at(-1)).toMatchObject({ range: `bytes=${half}-`, status: 206 })
    expect(await member.readShare(share.id)).toMatchObject({ downloads: 1 })
  }
})

const ended = (child: ChildProcess) =>
  new Promise<number | null>((resolve) => child.once("close", resolve))
