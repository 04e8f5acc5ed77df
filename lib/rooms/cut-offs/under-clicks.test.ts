import { type ChildProcess, fork } from "node:child_process"
import path from "node:path"
import { afterEach, describe, expect, it } from "vitest"
import { requireShare } from "#lib/rooms/shares/require-share.ts"
import {
  aSharedFile,
  cutOffShareToEnd,
  type SharedFile,
  statusOf,
} from "#testing/builders/shared-file.ts"
import { eachOf } from "./each-of.ts"

const root = path.join(import.meta.dirname, "../../..")
const CUT_OFFS = process.env.HEAVY ? 1_000 : 8
const SHARES = process.env.HEAVY ? 8 : 4
const VISITORS = 16
/** How many seconds a URL is checked; it expires after a minute. */
const LOOK_AFTER = process.env.HEAVY ? 20 : 8
/** Two processes read the same clock, in whole milliseconds. */
const SAME_TIME_MS = 2
/** URLs handed out this shortly before a cut off are all checked; of older ones only some. */
const SHORTLY_MS = 50
const OLDER_ONE_IN = 20

type HandedOut = { link: string; address: string; at: number }

const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL")
})

/** Starts processes that click on all these shares, with 16 visitors in total. */
async function clickAlong(shares: SharedFile[], replicas: number) {
  const handedOut: HandedOut[] = []
  const views = await Promise.all(shares.map(({ owner, shareId }) => requireShare(owner, shareId)))
  const links = views.flatMap(({ url, files }) => [url ?? "", files[0]?.id ?? ""])
  for (let replica = 0; replica < replicas; replica++) {
    const args = [String(VISITORS / replicas), ...links]
    const child = fork(path.join(root, "testing/children/click-child.ts"), args, {
      execArgv: ["--import", path.join(root, "server/server-only.mjs")],
      env: process.env,
    })
    child.on("message", (message: HandedOut) => handedOut.push(message))
    children.push(child)
  }
  while (handedOut.length < VISITORS) await new Promise((resolve) => setTimeout(resolve, 20))
  return { handedOut, urls: views.map(({ url }) => url ?? "") }
}

describe.each([1, 2])("cut offs while %i other replicas hand out URLs", (replicas) => {
  it("leave no URL alive that was handed out before", { timeout: 3_600_000 }, async () => {
    const shares = await Promise.all(Array.from({ length: SHARES }, () => aSharedFile()))
    const { handedOut, urls } = await clickAlong(shares, replicas)
    const asked = new Map<string, number[]>(urls.map((url) => [url, []]))
    let looked = 0

    for (let n = 1; n <= CUT_OFFS; n++) {
      const share = shares[n % SHARES]
      const url = urls[n % SHARES]
      if (!share || !url) throw new Error("There is a share for each cut off.")
      const at = Date.now()
      expect((await cutOffShareToEnd(share))?.state).toBe("done")
      asked.get(url)?.push(at)
      if (n % LOOK_AFTER > 0) continue

      // Visitors click faster than this can check every URL.
      const old = handedOut.splice(0).filter(({ link, at }, n) => {
        const next = asked.get(link)?.find((cutOffAt) => at + SAME_TIME_MS < cutOffAt)
        return next !== undefined && (next - at <= SHORTLY_MS || n % OLDER_ONE_IN === 0)
      })
      const alive: HandedOut[] = []
      await eachOf(old, 16, async (one) => {
        if (![403, 404].includes(await statusOf(one.address, { range: "bytes=0-0" })))
          alive.push(one)
      })
      expect(alive).toEqual([])
      looked += old.length
    }
    expect(looked).toBeGreaterThan(CUT_OFFS)
    for (const share of shares) expect(await statusOf(await share.click())).toBe(200)
  })
})
