import { createHash, randomBytes, randomUUID } from "node:crypto"
import { describe, expect, it } from "vitest"
import { configuration } from "#lib/adapters/configuration.ts"
import {
  abortMultipart,
  colourObject,
  completeMultipart,
  completeRefusesOverwrite,
  createMultipart,
  deleteObject,
  headObject,
  listMultiparts,
  listObjects,
  listParts,
  type Part,
  presignGet,
  presignPart,
  presignPut,
  probeSigners,
  publicStorageOrigin,
  readColour,
  refusesOverwrite,
  storeTime,
  verifiesPartSha256,
  verifiesSha256,
} from "#lib/adapters/storage.ts"
import { replaceTags, someTags, tagsOf } from "#testing/store/tagging-program.ts"
import { MIB } from "#testing/units.ts"
import { copyInParts, copyObject } from "./copy.ts"

// The requirements of the app on any S3. Runs against the embedded store, and with
// LAPSE_TEST_STORE=ceph against Ceph, which compares no SHA-256 with the stored bytes, or =swift
// against OpenStack Swift, which has no tags.
const onCeph = process.env.LAPSE_TEST_STORE === "ceph"
const onSwift = process.env.LAPSE_TEST_STORE === "swift"

const newKey = () => `o/${randomBytes(20).toString("hex")}`
const now = () => ({ signedAt: new Date() })
const bytes = (size: number) => new Uint8Array(randomBytes(size))

async function stored(body: Uint8Array<ArrayBuffer>, contentType = "application/pdf") {
  const key = newKey()
  const put = await presignPut({ ...now(), key, size: body.length, contentType })
  const answer = await fetch(put.url, { method: "PUT", headers: put.headers, body })
  expect(answer.status).toBe(200)
  return { key, put }
}

const sha256 = (body: Uint8Array) => createHash("sha256").update(body).digest("hex")

async function anUpload({ checksums = false } = {}) {
  const key = newKey()
  const upload = await createMultipart(key, { contentType: "video/mp4", checksums })
  const { uploadId } = upload
  const urlOf = (partNumber: number, body: Uint8Array, hash = sha256(body)) =>
    presignPart({
      ...now(),
      key,
      uploadId,
      partNumber,
      size: body.length,
      sha256: upload.checksums ? hash : undefined,
    })
  const put = async (partNumber: number, body: Uint8Array<ArrayBuffer>) => {
    const { url, headers } = await urlOf(partNumber, body)
    const send = () => fetch(url, { method: "PUT", headers, body })
    expect((await send()).status).toBe(200)
    return { again: send }
  }
  const parts = async () => (await listParts(key, uploadId)) ?? []
  return {
    key,
    uploadId,
    checksums: upload.checksums,
    urlOf,
    put,
    parts,
    complete: async (some?: Part[]) => completeMultipart(key, uploadId, some ?? (await parts())),
    abort: () => abortMultipart(key, uploadId),
  }
}

async function collect<Item>(items: AsyncGenerator<Item>) {
  const all: Item[] = []
  for await (const item of items) all.push(item)
  return all
}

async function read(key: string) {
  return new Uint8Array(await (await fetch(await signed(key))).arrayBuffer())
}

const signed = (key: string, changes: Partial<Parameters<typeof presignGet>[0]> = {}) =>
  presignGet({
    key,
    colour: null,
    claim: randomUUID(),
    name: "report.pdf",
    contentType: "application/pdf",
    disposition: "attachment",
    expiresInSeconds: 60,
    ...now(),
    ...changes,
  })

describe("presignPut", () => {
  it("stores bytes that presignGet returns under the given name and type", async () => {
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
    const put = await presignPut({ ...now(), key: newKey(), size: 1000, contentType: "text/plain" })
    const body = bytes(1000 + more)

    const answer = await fetch(put.url, { method: "PUT", headers: put.headers, body })

    expect(answer.status).toBe(403)
  })

  it("refuses a type other than signed", async () => {
    const put = await presignPut({ ...now(), key: newKey(), size: 10, contentType: "text/plain" })
    const headers = { ...put.headers, "content-type": "text/html" }

    const answer = await fetch(put.url, { method: "PUT", headers, body: bytes(10) })

    expect(answer.status).toBe(403)
  })

  it("does not overwrite when it is used again, if the store can promise that", async () => {
    const body = bytes(500)
    const { key, put } = await stored(body)

    const again = await fetch(put.url, { method: "PUT", headers: put.headers, body: bytes(500) })

    expect(again.status).toBe((await refusesOverwrite()) ? 412 : 200)
    const now = new Uint8Array(await (await fetch(await signed(key))).arrayBuffer())
    expect(Buffer.from(now).equals(body)).toBe(await refusesOverwrite())
  })
})

describe("presignGet", () => {
  it("works until its lifetime has passed, counted from the time it was signed at", async () => {
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

  it("signs for the address that browsers call", async () => {
    expect(new URL(await signed(newKey())).origin).toBe(await publicStorageOrigin())
  })
})

describe("headObject", () => {
  it("returns the size and type of an object, and null if there is none", async () => {
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

describe("a SHA-256", () => {
  it("is signed only if the store compares it, which the embedded one does", async () => {
    expect([await verifiesSha256(), await verifiesPartSha256()]).toEqual([
      !onCeph,
      !onCeph && !onSwift,
    ])
    const put = { ...now(), key: newKey(), size: 1, contentType: "a/b", sha256: sha256(bytes(1)) }

    const { headers } = await presignPut(put)

    expect(Object.keys(headers).includes("x-amz-checksum-sha256")).toBe(!onCeph)
  })

  it("of a PUT is compared with its bytes: altered ones are refused and nothing is stored, except by Ceph", async () => {
    const body = bytes(1000)
    const altered = body.with(500, (body[500] ?? 0) ^ 1)
    const key = newKey()
    const put = await presignPut({
      ...now(),
      key,
      size: 1000,
      contentType: "text/plain",
      sha256: sha256(body),
    })
    const send = (sent: Uint8Array<ArrayBuffer>, headers = put.headers) =>
      fetch(put.url, { method: "PUT", headers, body: sent })

    const wrong = await send(altered)
    // Ceph compares no hashes: the probe detects that, and presignPut does not sign one.
    if (onCeph) return void expect(wrong.status).toBe(200)
    expect(wrong.status).toBe(400)
    expect(await wrong.text()).toMatch(
      /BadDigest|XAmzContentSHA256Mismatch|XAmzContentChecksumMismatch/,
    )
    expect(await headObject(key)).toBeNull()

    const { "x-amz-checksum-sha256": _, ...without } = put.headers as Record<string, string>
    expect((await send(altered, without as typeof put.headers)).status).toBe(403)
    const forged = Buffer.from(sha256(altered), "hex").toString("base64")
    const other = await send(altered, { ...put.headers, "x-amz-checksum-sha256": forged })
    expect(other.status).toBe(403)
    expect(await headObject(key)).toBeNull()

    expect((await send(body)).status).toBe(200)
  })

  it("of a part is compared with its bytes, and listed", async () => {
    const upload = await anUpload({ checksums: true })
    expect(upload.checksums).toBe(await verifiesPartSha256())
    const body = bytes(1000)
    if (upload.checksums) {
      const { url, headers } = await upload.urlOf(1, body, sha256(bytes(1000)))
      const answer = await fetch(url, { method: "PUT", headers, body })
      expect(answer.status).toBe(400)
      expect(await upload.parts()).toEqual([])
    }

    await upload.put(1, body)

    const [part] = await upload.parts()
    const base64 = Buffer.from(sha256(body), "hex").toString("base64")
    expect(part?.sha256).toBe(upload.checksums ? base64 : undefined)
    expect(await upload.complete()).toBe(true)
    expect(await headObject(upload.key)).toMatchObject({ size: 1000 })
  })
})

describe("a probe of the store's capabilities", () => {
  it("is what is known of this store", async () => {
    const capabilities = {
      refusesOverwrite: await refusesOverwrite(),
      completeRefusesOverwrite: await completeRefusesOverwrite(),
      verifiesSha256: await verifiesSha256(),
      verifiesPartSha256: await verifiesPartSha256(),
    }

    expect(capabilities).toEqual({
      refusesOverwrite: !onSwift,
      completeRefusesOverwrite: !onCeph,
      verifiesSha256: !onCeph,
      verifiesPartSha256: !onCeph && !onSwift,
    })
  })
})

describe("an upload in parts", () => {
  it("continues from the parts that the store has, and joins them in order", async () => {
    const upload = await anUpload()
    const pieces = [bytes(5 * MIB), bytes(5 * MIB), bytes(MIB + 1)]
    const [first = bytes(0), second = bytes(0), third = bytes(0)] = pieces
    await upload.put(3, third)
    await upload.put(1, first)
    expect(await headObject(upload.key)).toBeNull()
    const before = await upload.parts()
    expect(before.map(({ partNumber, size }) => [partNumber, size])).toEqual([
      [1, 5 * MIB],
      [3, MIB + 1],
    ])

    await upload.put(2, second)

    expect(await upload.complete()).toBe(true)
    expect(await headObject(upload.key)).toMatchObject({
      size: 11 * MIB + 1,
      contentType: "video/mp4",
    })
  })

  it("returns its bytes, whole and a range across parts that were sent at once", async () => {
    const upload = await anUpload()
    const pieces = [bytes(5 * MIB), bytes(5 * MIB), bytes(3)]
    await Promise.all(pieces.map((piece, n) => upload.put(n + 1, piece)))
    await upload.complete()

    const whole = Buffer.concat(pieces)
    expect(Buffer.compare(await read(upload.key), whole)).toBe(0)
    const headers = { range: `bytes=${5 * MIB - 2}-${5 * MIB + 1}` }
    const range = await fetch(await signed(upload.key), { headers })
    expect(range.status).toBe(206)
    expect(Buffer.from(await range.arrayBuffer())).toEqual(whole.subarray(5 * MIB - 2, 5 * MIB + 2))
  })

  it("of one part returns its bytes, also when there are none", async () => {
    for (const body of [bytes(100_000), bytes(0)]) {
      const upload = await anUpload()
      await upload.put(1, body)
      expect(await upload.complete()).toBe(true)
      expect(Buffer.compare(await read(upload.key), body)).toBe(0)
    }
  })

  it("lists its parts page by page", async () => {
    const upload = await anUpload()
    for (const number of [1, 2, 3, 7, 10_000]) await upload.put(number, bytes(number % 10))

    const parts = await listParts(upload.key, upload.uploadId, 2)

    expect(parts?.map(({ partNumber, size }) => [partNumber, size])).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
      [7, 7],
      [10_000, 0],
    ])
    expect(await upload.parts()).toEqual(parts)
    await upload.abort()
  })

  it.each([-1, 1])("refuses a part that is %i byte longer than signed", async (more) => {
    const upload = await anUpload()
    const { url, headers } = await upload.urlOf(1, bytes(1000))

    const answer = await fetch(url, { method: "PUT", headers, body: bytes(1000 + more) })

    expect(answer.status).toBe(403)
    expect(await upload.parts()).toEqual([])
  })

  it("refuses a part under another number than signed", async () => {
    const upload = await anUpload()
    const { url, headers } = await upload.urlOf(1, bytes(10))
    const other = url.replace("partNumber=1", "partNumber=2")

    expect((await fetch(other, { method: "PUT", headers, body: bytes(10) })).status).toBe(403)
  })

  it("is unknown once it was aborted, and its URLs store nothing any more", async () => {
    const upload = await anUpload()
    const { again } = await upload.put(1, bytes(10))
    const parts = await upload.parts()

    await upload.abort()
    await upload.abort()

    expect((await again()).status).toBe(404)
    expect(await listParts(upload.key, upload.uploadId)).toBeNull()
    expect(await upload.complete(parts)).toBe(false)
    expect(await headObject(upload.key)).toBeNull()
  })

  it.skipIf(onSwift)(
    "is unknown once it was completed, and its URLs change nothing, also after a delete",
    async () => {
      const upload = await anUpload()
      const body = bytes(10)
      const { again } = await upload.put(1, body)
      const parts = await upload.parts()
      expect(await upload.complete(parts)).toBe(true)

      expect((await again()).status).toBe(404)
      await upload.complete(parts) // S3 and the embedded store answer a repeat, others refuse it
      expect(await listParts(upload.key, upload.uploadId)).toBeNull()
      expect(Buffer.compare(await read(upload.key), body)).toBe(0)

      await deleteObject(upload.key)
      expect((await again()).status).toBe(404)
      expect(await upload.complete(parts)).toBe(false)
      expect(await headObject(upload.key)).toBeNull()
    },
  )

  it("never replaces an existing object, if the store can promise that", async () => {
    const upload = await anUpload()
    await upload.put(1, bytes(10))
    const put = await presignPut({ ...now(), key: upload.key, size: 20, contentType: "text/plain" })
    await fetch(put.url, { method: "PUT", headers: put.headers, body: bytes(20) })

    const completed = await upload.complete()

    const kept = (await headObject(upload.key))?.size === 20
    expect(completed).toBe(!kept)
    expect(kept).toBe(await completeRefusesOverwrite())
  })

  it("is not made of parts that the store does not have", async () => {
    const upload = await anUpload()
    await upload.put(1, bytes(10))
    const [part] = await upload.parts()
    if (!part) throw new Error("no part")

    expect(await upload.complete([{ ...part, partNumber: 2 }])).toBe(false)
    expect(await headObject(upload.key)).toBeNull()
    expect(await upload.complete([part])).toBe(true)
  })
})

describe.skipIf(onSwift)("the colour of an object", () => {
  it("accepts twenty simultaneous writes, and has one of their values afterwards", async () => {
    const { key } = await stored(bytes(1))
    const colours = Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? "amber" : "blue"))

    const written = await Promise.all(colours.map((colour) => colourObject(key, colour)))

    expect(new Set(written)).toEqual(new Set(["written"]))
    expect(["amber", "blue"]).toContain(await readColour(key))
    expect(await colourObject(newKey(), "amber")).toBe("missing")
  })
})

describe("a list", () => {
  it("has every object below a prefix, page by page", async () => {
    const prefix = `o/list${randomBytes(8).toString("hex")}/`
    const keys = ["a", "b", "c", "d", "e"].map((name) => prefix + name)
    for (const key of keys) {
      const { url, headers } = await presignPut({
        ...now(),
        key,
        size: 3,
        contentType: "text/plain",
      })
      await fetch(url, { method: "PUT", headers, body: bytes(3) })
    }

    const listed = await collect(listObjects(prefix, 2))

    expect(listed.map(({ key, size }) => [key, size])).toEqual(keys.map((key) => [key, 3]))
    const age = Number(await storeTime()) - Number(listed[0]?.lastModified)
    expect(Math.abs(age)).toBeLessThan(60_000)
    expect(await collect(listObjects(`${prefix}none`))).toEqual([])
  })

  it("has every unfinished upload below a prefix, page by page", async () => {
    const prefix = `o/list${randomBytes(8).toString("hex")}/`
    const wanted: string[] = []
    for (const name of ["a", "a", "b", "c", "d"]) {
      const key = prefix + name
      const upload = await createMultipart(key, { contentType: "text/plain", checksums: false })
      wanted.push(`${key} ${upload.uploadId}`)
    }

    const listed = await collect(listMultiparts(prefix, 2))

    expect(listed.map(({ key, uploadId }) => `${key} ${uploadId}`).sort()).toEqual(wanted.sort())
    expect(Math.abs(Number(await storeTime()) - Number(listed[0]?.initiatedAt))).toBeLessThan(
      60_000,
    )
    for (const { key, uploadId } of listed) await abortMultipart(key, uploadId)
    expect(await collect(listMultiparts(prefix))).toEqual([])
  })
})

describe("a copy inside the store", () => {
  it("is made of an object that came in parts, whole and in parts", async () => {
    const body = bytes(6 * MIB)
    const upload = await anUpload()
    await upload.put(1, body)
    await upload.complete()
    const copied = { colour: null, otherTags: [], fileId: null, contentType: "text/plain" }

    for (const copy of [copyObject, copyInParts]) {
      const to = newKey()
      await copy({ from: upload.key, to, size: body.length, ...copied })
      expect(Buffer.compare(await read(to), body)).toBe(0)
    }
  })
})

describe.skipIf(onSwift)("a colour", () => {
  it("is written and read back, and another one replaces it", async () => {
    const { key } = await stored(bytes(10))
    expect(await readColour(key)).toBeNull()

    for (const colour of ["amber", "blue"]) {
      expect(await colourObject(key, colour)).toBe("written")
      expect(await readColour(key)).toBe(colour)
    }
  })

  it("keeps other programs' tags, also if many are written at once, and removes none", async () => {
    const { key } = await stored(bytes(10))
    const others = someTags(9)
    await replaceTags(key, others)

    const colours = Array.from({ length: 10 }, (_, n) => (n % 2 === 0 ? "amber" : "blue"))
    const written = await Promise.all(colours.map((colour) => colourObject(key, colour)))
    expect(new Set(written)).toEqual(new Set(["written"]))
    const signer = { Key: "signer", Value: await readColour(key) }
    expect(await tagsOf(key)).toEqual([signer, ...others])

    await replaceTags(key, someTags(10))
    expect(await colourObject(key, "amber")).toBe("full")
    expect(await tagsOf(key)).toEqual(someTags(10))
  })

  it("is what its signer may read, and nothing else", async () => {
    expect(await probeSigners(async () => new Date())).toBeNull()
  })
})

describe("a page of the app", () => {
  const origin = configuration.APP_URL

  it.each(["PUT", "GET"])(
    "may %s by an address it was given, and sees what it needs",
    async (method) => {
      const { key } = await stored(bytes(10))
      const url =
        method === "PUT"
          ? (await presignPut({ ...now(), key: newKey(), size: 3, contentType: "a/b" })).url
          : await signed(key)

      const preflight = await fetch(url, {
        method: "OPTIONS",
        headers: {
          origin,
          "access-control-request-method": method,
          "access-control-request-headers": "content-type,if-none-match,x-amz-checksum-sha256",
        },
      })

      expect(preflight.ok).toBe(true)
      expect(preflight.headers.get("access-control-allow-origin")).toBe(origin)
      expect(preflight.headers.get("access-control-allow-methods")).toContain(method)
      const allowed = preflight.headers.get("access-control-allow-headers")?.toLowerCase()
      for (const header of ["content-type", "if-none-match", "x-amz-checksum-sha256"]) {
        expect(allowed).toContain(header)
      }
      const answer = await fetch(await signed(key), { headers: { origin } })
      expect(answer.headers.get("access-control-allow-origin")).toBe(origin)
      expect(answer.headers.get("access-control-expose-headers")?.toLowerCase()).toContain("etag")
    },
  )

  it("of another origin may not", async () => {
    const { key } = await stored(bytes(10))
    const headers = { origin: "https://evil.example" }

    const answer = await fetch(await signed(key), { headers })

    expect(answer.headers.get("access-control-allow-origin")).toBeNull()
  })
})
