import { once } from "node:events"
import { createServer } from "node:net"
import path from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { presign, send, sendSigned } from "#packages/local-s3/testing.ts"
import { makeFastDirectory } from "#testing/fast-directory.ts"
import { type EmbeddedStore, startObjectStore } from "./object-store.ts"

const KEYS = { accessKeyId: "AKIDOFTHEAPP", secretAccessKey: "the app's secret" }
const AMBER = { colour: "amber", accessKeyId: "AKIDAMBER", secretAccessKey: "the secret of amber" }
const BLUE = { colour: "blue", accessKeyId: "AKIDBLUE", secretAccessKey: "the secret of blue" }

const place = makeFastDirectory()
let store: EmbeddedStore
beforeAll(async () => {
  store = await startObjectStore({
    ...KEYS,
    directory: path.join(place.path, "objects"),
    host: "127.0.0.1",
    port: await freePort(),
    signers: [AMBER, BLUE],
    reserveBytes: 0,
    appOrigin: "http://localhost:3000",
    trustedProxies: [],
    say: () => {},
    onGivenUp: () => {},
  })
})
afterAll(async () => {
  await store.stop()
  place.remove()
})

const target = (key: string) => `/${store.bucket}/${key}`

async function put(key: string, colour?: string) {
  const headers = {
    "content-length": "4",
    ...(colour ? { "x-amz-tagging": `signer=${colour}` } : {}),
  }
  const raw = { method: "PUT", target: target(key), headers, body: "body" }
  expect((await sendSigned(store.endpoint, raw, { keys: KEYS })).status).toBe(200)
}

async function read(key: string, keys: typeof KEYS) {
  const raw = { target: `${target(key)}?x-lapse-claim=of-${keys.accessKeyId}&x-other=1` }
  return (await send(store.endpoint, presign(store.endpoint, raw, { keys }))).status
}

describe("the embedded object store", () => {
  it("lets each signer read the files of its colour and nothing else, and logs claims", async () => {
    await put("o/amber", "amber")
    await put("o/blue", "blue")
    await put("o/none")
    await put("probe/amber", "amber")
    const statuses = async (keys: typeof KEYS) => [
      await read("o/amber", keys),
      await read("o/blue", keys),
      await read("o/none", keys),
      await read("probe/amber", keys),
    ]
    expect(await statuses(AMBER)).toEqual([200, 403, 403, 403])
    expect(await statuses(BLUE)).toEqual([403, 200, 403, 403])
    expect(await statuses(KEYS)).toEqual([200, 200, 200, 200])
    const list = await sendSigned(store.endpoint, { target: `/${store.bucket}` }, { keys: AMBER })
    expect(list.status).toBe(403)
  })
})

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  server.close()
  return typeof address === "object" && address ? address.port : 0
}
