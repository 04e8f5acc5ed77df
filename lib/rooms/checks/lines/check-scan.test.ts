import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { configuration } from "#lib/adapters/configuration.ts"
import { db } from "#lib/adapters/database.ts"
import { aFile } from "#testing/builders/a-file.ts"
import { hasClamd, startClamd, startFalseClamd } from "#testing/programs/clamd.ts"
import { freePort } from "#testing/programs/daemons.ts"
import { past } from "#testing/units.ts"
import { checkScan } from "./check-scan.ts"

let clamd: { address: { host: string; port: number }; stop: () => unknown } | undefined

async function answering(text: string) {
  clamd = await startFalseClamd((socket) => {
    socket.resume()
    setTimeout(() => socket.end(text), 20)
  })
  configuration.CLAMD_ADDRESS = clamd.address
}

const FINDS = "stream: Eicar-Signature FOUND\0"

/** A file that is checking or held. */
async function anUncheckedFile(data: Parameters<typeof db.file.update>[0]["data"]) {
  const { id } = await aFile()
  await db.file.update({ where: { id }, data: { uncheckedSince: past(), ...data } })
}

beforeEach(async () => {
  configuration.CLAMD_ADDRESS = { host: "127.0.0.1", port: await freePort() }
})
afterEach(async () => {
  await clamd?.stop()
  clamd = undefined
})

describe("the line of the malware scan", () => {
  it("is skipped without a scanner, and names the files that wait for one", async () => {
    delete configuration.CLAMD_ADDRESS
    expect(await checkScan()).toEqual({ state: "skipped", code: "off" })
    await anUncheckedFile({ status: "checking" })
    expect(await checkScan()).toEqual({ state: "warn", code: "off_waiting", values: { count: 1 } })
  })

  it("fails if the scanner is away, finds nothing, or has no result", async () => {
    expect(await checkScan()).toMatchObject({ state: "fail", code: "no_server" })
    await answering("stream: OK\0")
    expect(await checkScan()).toMatchObject({ state: "fail", code: "blind" })
    await clamd?.stop()
    await answering("stream: O")
    expect(await checkScan()).toMatchObject({
      state: "fail",
      code: "no_result",
      values: { reason: "stream: O" },
    })
  })

  it("says that files have no result, and why", async () => {
    await answering(FINDS)
    expect(await checkScan()).toMatchObject({ state: "ok" })
    await anUncheckedFile({ status: "held", heldFor: "Bad" })
    expect(await checkScan()).toMatchObject({ state: "ok" })
    await anUncheckedFile({ status: "checking", scanProblem: "no answer in 120 s" })
    expect(await checkScan()).toMatchObject({
      code: "failing",
      values: { count: 1, reason: "no answer in 120 s" },
    })
  })

  it.skipIf(!hasClamd)("is a tick with Debian's clamd", { timeout: 60_000 }, async () => {
    const real = await startClamd()
    clamd = real
    configuration.CLAMD_ADDRESS = real.address
    expect(await checkScan()).toMatchObject({ state: "ok", code: "ok" })
  })
})
