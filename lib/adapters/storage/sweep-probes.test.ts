import { randomBytes } from "node:crypto"
import { createServer, request as forward } from "node:http"
import { beforeAll, describe, expect, it } from "vitest"
import { configuration } from "#lib/adapters/configuration.ts"
import {
  completeRefusesOverwrite,
  createMultipart,
  findProbes,
  headObject,
  presignPut,
  refusesOverwrite,
  removeProbes,
  storeTime,
  verifiesPartSha256,
  verifiesSha256,
} from "#lib/adapters/storage.ts"
import { sweep } from "#lib/rooms/jobs/sweep.ts"
import { useOwnBucket } from "#testing/store/own-bucket.ts"
import { HOUR } from "#testing/units.ts"
import { withStoreAt } from "#testing/with-outage.ts"

beforeAll(useOwnBucket)

const inHours = async (hours: number) => new Date(Number(await storeTime()) + hours * HOUR)

async function leftOvers() {
  const key = `probe/${randomBytes(8).toString("hex")}`
  const put = await presignPut({
    key,
    size: 1,
    contentType: "text/plain",
    signedAt: new Date(),
  })
  await fetch(put.url, { method: "PUT", headers: put.headers, body: "x" })
  const wanted = { contentType: "text/plain", checksums: false }
  const { uploadId } = await createMultipart("probe/upload", wanted)
  return { objects: [key], uploads: [{ key: "probe/upload", uploadId }] }
}

describe("what a probe left in the bucket", () => {
  it("is nothing if it ran to its end", async () => {
    await Promise.all([
      refusesOverwrite(),
      completeRefusesOverwrite(),
      verifiesSha256(),
      verifiesPartSha256(),
    ])

    expect(await findProbes(await inHours(2))).toEqual({ objects: [], uploads: [] })
  })

  it("is found and removed when it is older than an hour, and nothing else is", async () => {
    const left = await leftOvers()
    const { uploadId } = await createMultipart("o/mine", {
      contentType: "text/plain",
      checksums: false,
    })

    expect(await findProbes()).toEqual({ objects: [], uploads: [] })
    const found = await findProbes(await inHours(2))
    expect(found).toEqual(left)
    await removeProbes(found)

    expect(await findProbes(await inHours(2))).toEqual({ objects: [], uploads: [] })
    expect(await headObject(left.objects[0] ?? "")).toBeNull()
    expect(uploadId).toBeTruthy()
  })

  it("is left alone by the sweep while it may be in use", async () => {
    const { objects } = await leftOvers()
    await sweep()
    expect(await headObject(objects[0] ?? "")).not.toBeNull()
  })

  it("stays only until the sweep when the store becomes unreachable during the probe", async () => {
    let calls = 0
    const store = new URL(configuration.S3_ENDPOINT ?? "")
    const failing = createServer((request, response) => {
      calls += 1
      // The upload is made; from then on the store is unreachable.
      if (calls > 1) return request.socket.destroy()
      const { method, url: path, headers } = request
      const onward = forward(
        { host: store.hostname, port: store.port, method, path, headers },
        (answer) => {
          response.writeHead(answer.statusCode ?? 500, answer.headers)
          answer.pipe(response)
        },
      )
      request.pipe(onward)
    })
    await new Promise<void>((resolve) => failing.listen(0, "127.0.0.1", resolve))
    const address = failing.address()
    const port = typeof address === "object" ? address?.port : 0
    const before = (await findProbes(await inHours(2))).uploads.length

    await expect(
      withStoreAt(() => verifiesPartSha256(), `http://127.0.0.1:${port}`),
    ).rejects.toThrow()
    failing.close()

    const found = await findProbes(await inHours(2))
    expect(found.uploads.length).toBe(before + 1)
    await removeProbes(found)
    expect(await findProbes(await inHours(2))).toEqual({ objects: [], uploads: [] })
  })
})
