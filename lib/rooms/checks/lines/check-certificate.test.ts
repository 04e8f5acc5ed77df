import { execFileSync } from "node:child_process"
import { once } from "node:events"
import fs from "node:fs"
import { createServer } from "node:https"
import path from "node:path"
import { getCACertificates, setDefaultCACertificates } from "node:tls"
import { afterAll, describe, expect, it } from "vitest"
import { configuration } from "#lib/adapters/configuration.ts"
import { makeFastDirectory } from "#testing/fast-directory.ts"
import { findProgram } from "#testing/programs/find-program.ts"
import { withStorageConfiguration } from "#testing/store/with-storage-settings.ts"
import { inDays } from "#testing/units.ts"
import { checkCertificates, inspectCertificate } from "./check-certificate.ts"

const DAYS = 30
const place = makeFastDirectory()
const usual = getCACertificates("default")
afterAll(() => {
  setDefaultCACertificates(usual)
  place.remove()
})

/** Serves a certificate that is valid for DAYS days; returns its address. */
async function aServer(name: string) {
  const [key = "", cert = ""] = ["key.pem", "cert.pem"].map((file) => path.join(place.path, file))
  const asked = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=test"]
  const written = ["-keyout", key, "-out", cert, "-days", String(DAYS)]
  const args = [...asked, ...written, "-addext", `subjectAltName=${name}`]
  execFileSync("openssl", args, { stdio: "pipe" })
  const server = createServer({ key: fs.readFileSync(key), cert: fs.readFileSync(cert) })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  const port = typeof address === "object" ? address?.port : 0
  const trust = () => setDefaultCACertificates([...usual, fs.readFileSync(cert, "utf8")])
  return { url: new URL(`https://127.0.0.1:${port}`), trust, stop: () => server.close() }
}

describe.skipIf(!findProgram(["openssl"]))("a certificate", () => {
  it("is accepted where browsers accept it, and warned about before it ends", async () => {
    const { url, trust, stop } = await aServer("IP:127.0.0.1")
    expect(await inspectCertificate(url)).toMatchObject({ state: "fail", code: "untrusted" })
    trust()

    expect(await inspectCertificate(url)).toMatchObject({ state: "ok", values: { host: url.host } })
    expect(await inspectCertificate(url, inDays(DAYS - 13))).toMatchObject({
      state: "warn",
      code: "ends",
    })
    expect(await inspectCertificate(url, inDays(DAYS + 1))).toMatchObject({
      state: "fail",
      code: "ended",
    })
    stop()
  })

  it("for another name is named", async () => {
    const { url, trust, stop } = await aServer("DNS:files.example.org")
    trust()

    const found = await inspectCertificate(url)
    stop()

    expect(found).toMatchObject({ state: "fail", code: "other_name" })
    expect(found.values?.names).toBe("DNS:files.example.org")
  })

  it("is not judged where nothing answers", async () => {
    const found = await inspectCertificate(new URL("https://127.0.0.1:9"))
    expect(found).toMatchObject({ state: "skipped", values: { reason: "ECONNREFUSED" } })
  })
})

it("the line names the address that lacks a certificate, of the app or of the store", async () => {
  const { APP_URL } = configuration
  const publicEndpoint = "http://files.example.org"
  const found = () => withStorageConfiguration({ publicEndpoint }, checkCertificates)
  const host = "files.example.org"
  expect(await found()).toEqual({ state: "warn", code: "store_none", values: { host } })

  Object.assign(configuration, { APP_URL: "http://share.example.org" })
  const ofApp = await found().finally(() => Object.assign(configuration, { APP_URL }))
  expect(ofApp).toMatchObject({
    state: "warn",
    code: "none",
    values: { host: "share.example.org" },
  })
  expect(await checkCertificates()).toMatchObject({ state: "skipped", code: "local" })
})
