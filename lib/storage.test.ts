import { randomBytes } from "node:crypto"
import { describe, expect, it } from "vitest"
import {
  deleteObject,
  headObject,
  presignGet,
  presignPut,
  publicStorageOrigin,
  refusesOverwrite,
} from "./storage.ts"

const newKey = () => `o/${randomBytes(20).toString("hex")}`
const bytes = (size: number) => new Uint8Array(randomBytes(size))

async function stored(body: Uint8Array<ArrayBuffer>, contentType = "application/pdf") {
  const key = newKey()
  const put = await presignPut({ key, size: body.length, contentType })
  const answer = await fetch(put.url, { method: "PUT", headers: put.headers, body })
  expect(answer.status).toBe(200)
  return { key, put }
}

const signed = (key: string, changes: Partial<Parameters<typeof presignGet>[0]> = {}) =>
  presignGet({
    key,
    name: "report.pdf",
    contentType: "application/pdf",
    disposition: "attachment",
    expiresInSeconds: 60,
    signedAt: new Date(),
    ...changes,
  })

describe("presignPut", () => {
  it("brings bytes that presignGet gives back, under the name and type it is told", async () => {
    const body = bytes(100_000)
    const { key } = await stored(body)

    const answer = await fetch(await signed(key, { name: "Übersicht “Hafen” 図面.pdf" }))

    expect(answer.status).toBe(200)
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(body)
    expect(answer.headers.get("content-type")).toBe("application/pdf")
    expect(answer.headers.get("cache-control")).toBe("no-store")
    expect(answer.headers.get("content-disposition")).toBe(
      `attachment; filename="Ubersicht _Hafen_ __.pdf"; filename*=UTF-8''%C3%9Cbersicht%20%E2%80%9CHafen%E2%80%9D%20%E5%9B%B3%E9%9D%A2.pdf`,
    )
  })

  it.each([-1, 1])("refuses a body that is %i byte longer than signed", async (more) => {
    const put = await presignPut({ key: newKey(), size: 1000, contentType: "text/plain" })
    const body = bytes(1000 + more)

    const answer = await fetch(put.url, { method: "PUT", headers: put.headers, body })

    expect(answer.status).toBe(403)
  })

  it("refuses another type than signed", async () => {
    const put = await presignPut({ key: newKey(), size: 10, contentType: "text/plain" })
    const headers = { ...put.headers, "content-type": "text/html" }

    const answer = await fetch(put.url, { method: "PUT", headers, body: bytes(10) })

    expect(answer.status).toBe(403)
  })

  it("does not overwrite when it is used again, where the store can promise that", async () => {
    const body = bytes(500)
    const { key, put } = await stored(body)

    const again = await fetch(put.url, { method: "PUT", headers: put.headers, body: bytes(500) })

    expect(again.status).toBe((await refusesOverwrite()) ? 412 : 200)
    const now = new Uint8Array(await (await fetch(await signed(key))).arrayBuffer())
    expect(Buffer.from(now).equals(body)).toBe(await refusesOverwrite())
  })
})

describe("presignGet", () => {
  it("works until its lifetime is over, counted from the time it was signed at", async () => {
    const { key } = await stored(bytes(10))
    const ago = (seconds: number) => new Date(Date.now() - seconds * 1000)

    const fresh = await fetch(await signed(key, { signedAt: ago(30) }))
    const stale = await fetch(await signed(key, { signedAt: ago(61) }))

    expect([fresh.status, stale.status]).toEqual([200, 403])
  })

  it("is refused with any character of its query altered", async () => {
    const { key } = await stored(bytes(10))
    const url = await signed(key)
    const query = url.indexOf("?") + 1
    const places = Array.from({ length: 40 }, (_, i) =>
      Math.floor(query + (i * (url.length - query)) / 40),
    )

    for (const place of places) {
      const other = url[place] === "7" ? "8" : "7"
      const altered = url.slice(0, place) + other + url.slice(place + 1)
      const { status } = await fetch(altered)
      expect(status, altered).toBeGreaterThanOrEqual(400)
    }
  })

  it("does not answer HEAD", async () => {
    const { key } = await stored(bytes(10))
    const { status } = await fetch(await signed(key), { method: "HEAD" })
    expect(status).toBe(403)
  })

  it("signs for the address browsers call", async () => {
    expect(new URL(await signed(newKey())).origin).toBe(await publicStorageOrigin())
  })
})

describe("headObject", () => {
  it("tells size and type of what is there, and null for what is not", async () => {
    const { key } = await stored(bytes(321), "image/png")

    expect(await headObject(key)).toMatchObject({ size: 321, contentType: "image/png" })
    expect(await headObject(newKey())).toBeNull()
  })

  it("finds nothing once the object was deleted, however often", async () => {
    const { key } = await stored(bytes(1))
    await deleteObject(key)
    await deleteObject(key)
    expect(await headObject(key)).toBeNull()
  })
})
