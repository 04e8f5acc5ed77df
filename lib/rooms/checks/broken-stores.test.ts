import { once } from "node:events"
import { createServer, request as forward, type IncomingMessage } from "node:http"
import { createServer as createSecureServer } from "node:https"
import type { AddressInfo } from "node:net"
import {
  GetObjectCommand,
  HeadObjectCommand,
  PutBucketCorsCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3"
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest"
import { configuration } from "#lib/adapters/configuration.ts"
import { db } from "#lib/adapters/database.ts"
import { log } from "#lib/adapters/monitoring/log.ts"
import { corsRule } from "#lib/adapters/storage/rights/bucket-rules.ts"
import { checkPublicAccess, publicAccess } from "#lib/adapters/watch/public-access.ts"
import { runChecks } from "#lib/rooms/checks/run-checks.ts"
import { checkHealth } from "#lib/web/health.ts"
import { aStore, KEYS } from "#packages/local-s3/testing.ts"
import { pem } from "#testing/mail/mail-server.ts"
import {
  type StorageConfiguration,
  withStorageConfiguration,
} from "#testing/store/with-storage-settings.ts"
import type { CheckLine } from "./describe-finding.ts"

// Setups with one fault each, which the checks have to detect and explain.

const BUCKET = "broken"
const ofColour = (colour: string) => ({
  accessKeyId: `KEYOF${colour.toUpperCase()}`,
  secretAccessKey: `the secret of ${colour}`,
  only: {
    action: "GetObject" as const,
    bucket: BUCKET,
    prefix: "o/",
    tags: [{ key: "signer", value: colour }],
  },
})
const SIGNERS = ["amber", "blue"].map((colour) => ({ colour, ...ofColour(colour) }))
const [AMBER = { colour: "", ...KEYS }] = SIGNERS

let store: Awaited<ReturnType<typeof aStore>>
beforeAll(async () => {
  store = await aStore({
    bucket: BUCKET,
    restrictedKeys: ["amber", "blue"].map(ofColour),
  })
})
afterAll(() => store.close())
beforeEach(async () => {
  await db.$executeRaw`UPDATE installation SET checks_running_until = NULL`
  await setCors(true)
})

async function setCors(isSet: boolean) {
  const rules = isSet ? [corsRule(configuration.APP_URL)] : [corsRule("https://other.example")]
  const CORSConfiguration = { CORSRules: rules }
  await store.s3.send(new PutBucketCorsCommand({ Bucket: BUCKET, CORSConfiguration }))
}

const base = () => ({ endpoint: store.url, bucket: BUCKET, keys: KEYS, signers: SIGNERS })

/** The findings of the doctor that report a fault. */
async function wrongWith(setup: StorageConfiguration = {}): Promise<CheckLine[]> {
  const all = { ...base(), ...setup }
  const { items: findings } = await withStorageConfiguration(all, () => runChecks())
  // Nothing listens at APP_URL here.
  const others = findings.filter(({ id }) => id !== "app_address")
  return others.filter(({ state }) => state === "fail" || state === "warn")
}

type Proxy = { url: string; stop: () => void }
type Rewriting = {
  to?: string
  host?: (host: string) => string
  headers?: (
    headers: IncomingMessage["headers"],
    request: IncomingMessage,
  ) => IncomingMessage["headers"]
  /** Answers a request itself, or returns undefined to pass it on. */
  answers?: (request: IncomingMessage, key: string) => Promise<string | number | undefined>
}

/** A proxy in front of the store that changes parts of requests. */
async function aProxy({
  to = store.url,
  host = (same) => same,
  headers = (same) => same,
  answers = async () => undefined,
}: Rewriting) {
  const upstream = new URL(to)
  const server = createServer(async (incoming, outgoing) => {
    const { method, url } = incoming
    const path = new URL(incoming.url ?? "", to).pathname
    const own = await answers(incoming, decodeURIComponent(path).replace(`/${BUCKET}/`, ""))
    if (typeof own === "string") return outgoing.end(own)
    if (own) return outgoing.writeHead(own).end("<Error><Code>MethodNotAllowed</Code></Error>")
    const sent = { ...incoming.headers, host: host(incoming.headers.host ?? "") }
    const target = { hostname: upstream.hostname, port: upstream.port, method, path: url }
    const onward = forward({ ...target, headers: sent }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, headers(answer.headers, incoming))
      answer.pipe(outgoing)
    })
    onward.on("error", () => outgoing.destroy())
    incoming.pipe(onward)
  })
  return listening(server)
}

async function listening(server: ReturnType<typeof createServer>): Promise<Proxy> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  const stop = () => {
    server.closeAllConnections()
    server.close()
  }
  return { url: `http://127.0.0.1:${port}`, stop }
}

describe("the doctor", () => {
  it("finds nothing wrong with the setup that the others are based on", async () => {
    expect(await wrongWith()).toEqual([])
  })

  it("detects a store whose clock is behind, and by how much, whatever the time of a proxy", async () => {
    const now = () => new Date(Date.now() - 90_000)
    const late = await aStore({ bucket: BUCKET, now })
    const here = (headers: IncomingMessage["headers"]) => ({
      ...headers,
      date: new Date().toUTCString(),
    })
    const [hiding, inventing] = [
      await aProxy({ to: late.url, headers: here }),
      await aProxy({ headers: (all) => ({ ...all, date: now().toUTCString() }) }),
    ]

    const behind = await wrongWith({ endpoint: hiding.url })
    const inStep = await wrongWith({ endpoint: inventing.url })
    hiding.stop()
    inventing.stop()
    await late.close()

    const [clocks, ...others] = behind
    expect(clocks).toMatchObject({ id: "clocks", state: "fail", code: "apart" })
    expect(others).toEqual([]) // one finding reports everything that the fault breaks
    expect(clocks?.values?.seconds).toBeGreaterThan(80)
    expect(clocks?.values?.detail).toContain("store and")
    expect(inStep).toEqual([])
  })

  it("says of a store whose clock nobody knows that it is not known", async () => {
    const proxy = await aProxy({
      // Its refusals contain no time, and it says nothing about an object.
      answers: async ({ method, url }, key) =>
        (method === "HEAD" && key.startsWith("probe/")) ||
        url?.includes("probe%2Fclock") ||
        url?.includes("probe/clock")
          ? 405
          : undefined,
    })

    const wrong = await wrongWith({ endpoint: proxy.url })
    proxy.stop()

    expect(wrong.find(({ id }) => id === "clocks")).toMatchObject({
      state: "warn",
      code: "unknown",
      values: { reason: "Unknown, 405" },
    })
  })

  it.each(["get", "list"])("detects that the bucket is public: strangers may %s", async (code) => {
    const proxy = await aProxy({
      answers: async ({ method, url = "" }, Key) => {
        if (method !== "GET" || url.includes("X-Amz-Signature")) return undefined
        if (code === "list") return url.includes("prefix=") ? "<ListBucketResult/>" : undefined
        if (!Key.startsWith("o/")) return undefined
        const { Body } = await store.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }))
        return Body?.transformToString()
      },
    })

    const publicEndpoint = proxy.url
    const wrong = await wrongWith({ publicEndpoint })
    const warn = vi.spyOn(log, "warn")
    const health = await withStorageConfiguration({ ...base(), publicEndpoint }, async () => {
      await checkPublicAccess()
      return checkHealth()
    })
    proxy.stop()
    publicAccess().found = null

    const said = expect.stringMatching(/^The bucket is public: /)
    expect(health).toMatchObject({ status: "ok", storage: "public", message: said })
    expect(warn).toHaveBeenCalledExactlyOnceWith(said)
    expect(wrong).toMatchObject([{ id: "private", state: "fail", code }])
    expect(wrong[0]?.sentence).toContain(proxy.url)
  })

  it("names what a store does not support, and asks for no permissions", async () => {
    const proxy = await aProxy({
      answers: async ({ method, url = "" }) =>
        method === "GET" && url.includes("uploadId=") ? 405 : undefined,
    })

    const wrong = await wrongWith({ endpoint: proxy.url })
    proxy.stop()

    const list = wrong.find(({ id }) => id === "parts")
    expect(list).toMatchObject({ state: "fail", code: "unsupported" })
    expect(list?.sentence).toBe(`${proxy.url} does not support ListParts, which Lapse needs here.`)
    expect(wrong.filter(({ fix }) => fix?.includes("permissions"))).toEqual([])
  })

  it("detects that a part which comes late changes a file", async () => {
    const proxy = await aProxy({
      answers: async (request, Key) => {
        const { method, url = "" } = request
        if (method !== "PUT" || !url.includes("X-Amz-Signature")) return undefined
        const known = await store.s3
          .send(new HeadObjectCommand({ Bucket: BUCKET, Key }))
          .catch(() => null)
        if (!known || !url.includes("partNumber=")) return undefined
        await store.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: "7 other" }))
        return ""
      },
    })

    const wrong = await wrongWith({ endpoint: proxy.url })
    proxy.stop()

    expect(wrong).toMatchObject([{ id: "parts", state: "fail", code: "harmful" }])
  })

  it("detects that pages cannot read the answer to a part", async () => {
    const proxy = await aProxy({
      headers: ({ "access-control-allow-origin": origin, ...others }, { method, url = "" }) =>
        method === "PUT" && url.includes("partNumber=")
          ? others
          : { ...others, ...(origin ? { "access-control-allow-origin": origin } : {}) },
    })

    const wrong = await wrongWith({ publicEndpoint: proxy.url })
    proxy.stop()

    expect(wrong).toMatchObject([{ id: "cors", state: "fail", code: "part" }])
  })

  it("reports a full disk and a certificate as such", async () => {
    const full = await listening(createServer((_, answer) => answer.writeHead(507).end()))
    const wrong = await wrongWith({ endpoint: full.url })
    full.stop()
    expect(wrong).toMatchObject([{ id: "credentials", code: "no_room" }])
    expect(wrong[0]?.fix).toContain("Free up space")

    const secure = createSecureServer({ key: pem("localhost.key"), cert: pem("localhost") })
    secure.listen(0, "127.0.0.1")
    await once(secure, "listening")
    const { port } = secure.address() as AddressInfo
    const unknown = await wrongWith({ endpoint: `https://localhost:${port}` })
    secure.close()
    const credentials = unknown.find(({ id }) => id === "credentials")
    expect(credentials).toMatchObject({ state: "fail", code: "no_trust" })
    expect(credentials?.fix).toContain("set CA_FILE")
  })

  it("detects that pages of the app may not call the bucket, and shows the rule that lets them", async () => {
    await setCors(false)

    const [cors, ...others] = await wrongWith()

    expect(others).toEqual([])
    expect(cors).toMatchObject({ id: "cors", state: "fail", code: "refused" })
    const CORSConfiguration = JSON.parse(cors?.paste ?? "")
    await store.s3.send(new PutBucketCorsCommand({ Bucket: BUCKET, CORSConfiguration }))
    expect(await wrongWith()).toEqual([])
  })

  it.each([
    ["no method to upload by", { AllowedMethods: ["GET", "HEAD"] }, "refused"],
    ["no header of an upload", { AllowedHeaders: ["range", "if-range"] }, /^(headers|refused)$/],
  ])("sees a rule that lets pages read and has %s", async (_what, lacking, code) => {
    const rule = { ...corsRule(configuration.APP_URL), ...lacking }
    const CORSConfiguration = { CORSRules: [rule] }
    await store.s3.send(new PutBucketCorsCommand({ Bucket: BUCKET, CORSConfiguration }))

    const wrong = await wrongWith()

    expect(wrong).toMatchObject([{ id: "cors", state: "fail", values: { method: "PUT" } }])
    expect(wrong[0]?.code).toMatch(code)
  })

  it("detects a proxy that reaches the store under another host name than browsers use", async () => {
    const proxy = await aProxy({ host: () => new URL(store.url).host })

    const wrong = await wrongWith({ publicEndpoint: proxy.url })
    proxy.stop()

    const [endpoint] = wrong
    expect(endpoint).toMatchObject({ id: "public_endpoint", state: "fail", code: "host" })
    expect(endpoint?.values).toEqual({ origin: proxy.url })
  })

  it("detects a public address where nothing listens", async () => {
    const { url, stop } = await aProxy({})
    stop()

    const wrong = await wrongWith({ publicEndpoint: url })

    expect(wrong).toMatchObject([
      {
        id: "public_endpoint",
        state: "warn",
        code: "away",
        values: { origin: url, reason: "ECONNREFUSED" },
      },
    ])
  })

  it("detects a key that may only read", async () => {
    const wrong = await wrongWith({ keys: ofColour("amber") })

    expect(wrong).toMatchObject([{ id: "credentials", state: "fail", code: "refused" }])
  })

  it("detects a missing bucket", async () => {
    const wrong = await wrongWith({ bucket: "another" })

    expect(wrong).toMatchObject([{ id: "credentials", code: "no_bucket" }])
  })

  it("detects a signer that may do everything, and names each right", async () => {
    const wrong = await wrongWith({ signers: [AMBER, { colour: "blue", ...KEYS }] })

    const rights = wrong.find(({ id }) => id === "colours")
    expect(rights).toMatchObject({ state: "fail", code: "too_many" })
    expect(rights?.paste).toContain('"s3:ExistingObjectTag/signer": "blue"')
    for (const action of ["PutObjectTagging", "ListBucket", "PutObject", "DeleteObject"])
      expect(rights?.values?.what).toContain(`blue: s3:${action}`)
    expect(rights?.values?.what).not.toContain("amber")
  })

  it("warns if there are no signers, with a policy to paste", async () => {
    const wrong = await wrongWith({ signers: undefined })

    expect(wrong).toMatchObject([{ id: "colours", state: "warn", code: "none" }])
    expect(wrong[0]?.paste).toContain("LapseSignerAmber")
  })
})

/** A store that serves every URL: it checks no expiry, no query and no length. */
const aCarelessStore = () =>
  aProxy({
    answers: async ({ method, url = "" }, Key) => {
      if (method !== "GET" || !url.includes("X-Amz-Signature")) return undefined
      const { Body } = await store.s3
        .send(new GetObjectCommand({ Bucket: BUCKET, Key }))
        .catch(() => ({ Body: null }))
      return Body ? Body.transformToString() : 404
    },
  })

describe("a store that checks no signature of a download", () => {
  it("is detected in every check that depends on signatures", async () => {
    const careless = await aCarelessStore()

    const wrong = await wrongWith({ endpoint: careless.url })
    careless.stop()

    const found = Object.fromEntries(wrong.map(({ id, code }) => [id, code]))
    expect(found).toMatchObject({
      presigned_urls: "altered",
      public_endpoint: "overrides",
      colours: "reads_untagged",
      cors: "refused",
      private: "signature",
    })
  })
})
