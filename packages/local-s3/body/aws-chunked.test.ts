import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { EMPTY_SHA256, scopeText, sha256Hex, signature } from "../access/sigv4.ts"
import { aStore, BUCKET, send, sendSigned, sign } from "../testing.ts"
import { createDigest } from "./checksums.ts"

let store: Awaited<ReturnType<typeof aStore>>
beforeAll(async () => {
  store = await aStore()
})
afterAll(async () => {
  expect(store.errors).toEqual([])
  await store.close()
})

const PIECES = ["a".repeat(10_000), "b".repeat(8192), "the end"]
const CONTENT = PIECES.join("")
const target = `/${BUCKET}/chunked`

function crc32(text: string) {
  const digest = createDigest("CRC32")
  digest.update(Buffer.from(text))
  return digest.base64()
}

/** A body whose chunks are signed one after the other, as an SDK sends it without TLS. */
function signedBody(trailer: string | undefined, decodedLength = CONTENT.length) {
  const payloadHash = `STREAMING-AWS4-HMAC-SHA256-PAYLOAD${trailer ? "-TRAILER" : ""}`
  const headers = {
    "content-encoding": "aws-chunked",
    "x-amz-decoded-content-length": String(decodedLength),
    ...(trailer && { "x-amz-trailer": "x-amz-checksum-crc32" }),
  }
  const { seed, ...request } = sign(store.url, { method: "PUT", target, headers }, { payloadHash })
  let previous = seed.signature
  const next = (kind: string, hashes: string[]) => {
    const text = [kind, seed.amzDate, scopeText(seed.scope), previous, ...hashes].join("\n")
    previous = signature(seed.key, text)
    return previous
  }
  const chunks = [...PIECES, ""].map((piece) => {
    const signed = next("AWS4-HMAC-SHA256-PAYLOAD", [EMPTY_SHA256, sha256Hex(piece)])
    return `${piece.length.toString(16)};chunk-signature=${signed}\r\n${piece}${piece && "\r\n"}`
  })
  if (!trailer) return { request, body: `${chunks.join("")}\r\n` }
  const line = `x-amz-checksum-crc32:${trailer}`
  const signed = next("AWS4-HMAC-SHA256-TRAILER", [sha256Hex(`${line}\n`)])
  const end = `${line}\r\nx-amz-trailer-signature:${signed}\r\n\r\n`
  return { request, body: chunks.join("") + end }
}

function unsigned(body: string, more: Record<string, string> = {}) {
  return sendSigned(
    store.url,
    {
      method: "PUT",
      target,
      body,
      headers: {
        "content-encoding": "aws-chunked",
        "content-length": String(body.length),
        "x-amz-decoded-content-length": String(CONTENT.length),
        "x-amz-trailer": "x-amz-checksum-crc32",
        ...more,
      },
    },
    { payloadHash: "STREAMING-UNSIGNED-PAYLOAD-TRAILER" },
  )
}

const stored = async () => (await sendSigned(store.url, { target })).body

describe("a body in signed chunks", () => {
  it.each([undefined, crc32(CONTENT)])("is stored (trailer %s)", async (trailer) => {
    const { request, body } = signedBody(trailer)
    const length = { "content-length": String(body.length) }
    const answer = await send(store.url, {
      ...request,
      headers: { ...request.headers, ...length },
      body,
    })
    expect(answer.status).toBe(200)
    expect(await stored()).toBe(CONTENT)
  })

  it("is refused with any of its parts altered, and changes nothing", async () => {
    await unsigned(`4\r\nkept\r\n0\r\nx-amz-checksum-crc32:${crc32("kept")}\r\n\r\n`, {
      "x-amz-decoded-content-length": "4",
    })
    const { request, body } = signedBody(crc32(CONTENT))
    const attacks = [
      ["a payload byte", body.replace("aaaaaaaa", "aaaaaaab")],
      ["a payload byte of the last chunk", body.replace("the end", "the eNd")],
      [
        "a chunk signature",
        body.replace(/signature=(.)/, (_, c) => `signature=${c === "0" ? 1 : 0}`),
      ],
      ["no chunk signature", body.replace(/;chunk-signature=[0-9a-f]+/, "")],
      ["two chunks exchanged", swapChunks(body)],
      ["the last chunk dropped", body.replace(/7;chunk-signature=[0-9a-f]+\r\nthe end\r\n/, "")],
      ["the trailer", body.replace(crc32(CONTENT), crc32("other"))],
      ["the trailer's signature", body.replace(/trailer-signature:./, "trailer-signature:x")],
      ["no trailer signature", body.replace(/x-amz-trailer-signature:[0-9a-f]+\r\n/, "")],
      ["a trailer added", body.replace("\r\n\r\n", "\r\nx-amz-meta-a:1\r\n\r\n")],
      ["bytes behind the end", `${body}x`],
      ["a cut", body.slice(0, 15_000)],
      ["no end", body.slice(0, body.indexOf("\r\n0;") + 2)],
      ["a huge size", body.replace(/^2710/, "ffffffffffff")],
      ["no size", body.replace(/^2710/, "")],
    ] as const
    for (const [title, altered] of attacks) {
      expect([title, altered === body]).toEqual([title, false])
      const headers = { ...request.headers, "content-length": String(altered.length) }
      const { status } = await send(store.url, { ...request, headers, body: altered })
      expect([title, status >= 400 && status < 500]).toEqual([title, true])
    }
    expect(await stored()).toBe("kept")
  })

  it("must have the announced length", async () => {
    for (const length of [CONTENT.length - 1, CONTENT.length + 1]) {
      const { request, body } = signedBody(undefined, length)
      const headers = { ...request.headers, "content-length": String(body.length) }
      const answer = await send(store.url, { ...request, headers, body })
      expect([answer.status, answer.body]).toEqual([400, expect.stringContaining("IncompleteBody")])
    }
  })
})

describe("a body in unsigned chunks with a trailing checksum", () => {
  const chunks = PIECES.map((piece) => `${piece.length.toString(16)}\r\n${piece}\r\n`).join("")

  it("is stored when the checksum is right, also without a Content-Length", async () => {
    const body = `${chunks}0\r\nx-amz-checksum-crc32:${crc32(CONTENT)}\r\n\r\n`
    expect((await unsigned(body)).status).toBe(200)
    const { seed: _, ...request } = sign(
      store.url,
      {
        method: "PUT",
        target,
        headers: {
          "x-amz-decoded-content-length": String(CONTENT.length),
          "x-amz-trailer": "x-amz-checksum-crc32",
        },
      },
      { payloadHash: "STREAMING-UNSIGNED-PAYLOAD-TRAILER" },
    )
    const headers = { ...request.headers, "transfer-encoding": "chunked" }
    expect((await send(store.url, { ...request, headers, body })).status).toBe(200)
    expect(await stored()).toBe(CONTENT)
  })

  it("is refused when the checksum is wrong, missing or not the announced one", async () => {
    const end = (trailer: string) => `${chunks}0\r\n${trailer}\r\n`
    const answers = [
      await unsigned(end(`x-amz-checksum-crc32:${crc32("other")}\r\n`)),
      await unsigned(end("")),
      await unsigned(end(`x-amz-checksum-crc32c:${crc32(CONTENT)}\r\n`)),
      await unsigned(end("x-amz-checksum-crc32:nonsense\r\n")),
      await unsigned(end("no colon\r\n")),
    ]
    for (const answer of answers) expect(answer.status).toBe(400)
  })

  it("is refused with a trailer that was not announced", async () => {
    const trailers = `x-amz-checksum-crc32:${crc32(CONTENT)}\r\nx-amz-meta-a:b\r\n`
    const answer = await unsigned(`${chunks}0\r\n${trailers}\r\n`)
    expect(answer.body).toContain("MalformedTrailerError")
    const unannounced = await unsigned(`${chunks}0\r\n${trailers}\r\n`, { "x-amz-trailer": "" })
    expect(unannounced.body).toContain("MalformedTrailerError")
  })

  it("must announce its length", async () => {
    const answer = await unsigned(chunks, { "x-amz-decoded-content-length": "" })
    expect([answer.status, answer.body]).toEqual([
      411,
      expect.stringContaining("MissingContentLength"),
    ])
  })
})

function swapChunks(body: string) {
  const first = body.indexOf("2000;")
  const second = body.indexOf("7;chunk")
  return body.slice(first, second) + body.slice(0, first) + body.slice(second)
}
