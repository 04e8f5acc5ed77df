import { describe, expect, it } from "vitest"
import { type ChunkedForm, decodeChunks } from "../body/aws-chunked.ts"
import { parseTarget } from "../requests/uri.ts"
import { aStore, send } from "../testing.ts"
import { indexKeys } from "./access-keys.ts"
import { authenticate } from "./authenticate.ts"

// AWS's published examples, with AWS's example keys:
// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html, …/sigv4-query-string-auth.html,
// …/sigv4-streaming.html and …/sigv4-streaming-trailers.html
const EXAMPLE = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
}
const CREDENTIALS = { keys: indexKeys(EXAMPLE), region: "us-east-1" }
const NOW = new Date("2013-05-24T00:00:00Z")
const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

function example(method: string, url: string, headers: Record<string, string>, now = NOW) {
  const all = { host: "examplebucket.s3.amazonaws.com", ...headers }
  const map = new Map(Object.entries(all).map(([name, value]) => [name, [value]]))
  return () => authenticate({ method, target: parseTarget(url), headers: map }, CREDENTIALS, now)
}

function authorization(signedHeaders: string, signature: string) {
  return `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=${signedHeaders},Signature=${signature}`
}

describe("AWS's published Signature Version 4 examples", () => {
  it.each([
    [
      "GET Object",
      "GET",
      "/test.txt",
      {
        range: "bytes=0-9",
        "x-amz-content-sha256": EMPTY,
        "x-amz-date": "20130524T000000Z",
        authorization: authorization(
          "host;range;x-amz-content-sha256;x-amz-date",
          "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        ),
      },
    ],
    [
      "PUT Object",
      "PUT",
      "/test$file.text",
      {
        date: "Fri, 24 May 2013 00:00:00 GMT",
        "x-amz-content-sha256": "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
        "x-amz-date": "20130524T000000Z",
        "x-amz-storage-class": "REDUCED_REDUNDANCY",
        authorization: authorization(
          "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
          "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
        ),
      },
    ],
    [
      "GET Bucket Lifecycle",
      "GET",
      "/?lifecycle",
      {
        "x-amz-content-sha256": EMPTY,
        "x-amz-date": "20130524T000000Z",
        authorization: authorization(
          "host;x-amz-content-sha256;x-amz-date",
          "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
        ),
      },
    ],
    [
      "Get Bucket (List Objects)",
      "GET",
      "/?max-keys=2&prefix=J",
      {
        "x-amz-content-sha256": EMPTY,
        "x-amz-date": "20130524T000000Z",
        authorization: authorization(
          "host;x-amz-content-sha256;x-amz-date",
          "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
        ),
      },
    ],
  ])("verify: %s", (_title, method, url, headers) => {
    expect(example(method, url, headers)).not.toThrow()
    expect(example("DELETE", url, headers)).toThrow(
      expect.objectContaining({ code: "SignatureDoesNotMatch" }),
    )
  })

  it("verify: a presigned URL is valid on its day, neither before nor after", () => {
    const url =
      "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
    const at = (time: string) => example("GET", url, {}, new Date(time))

    expect(at("2013-05-24T00:00:00Z")).not.toThrow()
    expect(at("2013-05-24T23:59:59.999Z")).not.toThrow()
    expect(at("2013-05-25T00:00:00Z")).toThrow("Request has expired")
    expect(at("2013-05-23T23:44:59Z")).toThrow("Request is not valid yet")
  })

  const chunked = {
    host: "s3.amazonaws.com",
    "x-amz-date": "20130524T000000Z",
    "x-amz-storage-class": "REDUCED_REDUNDANCY",
    "content-encoding": "aws-chunked",
    "x-amz-decoded-content-length": "66560",
  }
  const chunks = (signatures: string[], end: string) =>
    `10000;chunk-signature=${signatures[0]}\r\n${"a".repeat(65536)}\r\n400;chunk-signature=${signatures[1]}\r\n${"a".repeat(1024)}\r\n0;chunk-signature=${signatures[2]}\r\n${end}`
  const SIGNED = {
    headers: {
      ...chunked,
      "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
      "content-length": "66824",
      authorization: authorization(
        "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class",
        "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
      ),
    },
    body: chunks(
      [
        "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
        "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
        "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
      ],
      "\r\n",
    ),
  }
  const WITH_TRAILER = {
    headers: {
      ...chunked,
      "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
      "x-amz-trailer": "x-amz-checksum-crc32c",
      authorization: authorization(
        "content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class;x-amz-trailer",
        "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e",
      ),
    },
    body: chunks(
      [
        "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
        "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
        "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992",
      ],
      "x-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n",
    ),
  }

  const BODIES = [
    ["signed chunks", SIGNED, { signed: true, trailer: false }],
    ["signed chunks with a trailer", WITH_TRAILER, { signed: true, trailer: true }],
  ] as const

  const payloadOf = async (
    { headers, body }: (typeof BODIES)[number][1],
    form: ChunkedForm,
    pieceSize: number,
    trailers = new Map<string, string>(),
  ) => {
    const { seed } = example("PUT", "/examplebucket/chunkObject.txt", headers)()
    const announced = new Set(["x-amz-checksum-crc32c"])
    let payload = ""
    for await (const piece of decodeChunks(
      inPieces(body, pieceSize),
      form,
      seed,
      trailers,
      announced,
    ))
      payload += piece.toString()
    return payload
  }

  it.each(BODIES)("are refused with any piece altered: %s", async (_title, example, form) => {
    for (const [from, to] of [
      ["aaaa\r\n0;", "aaab\r\n0;"],
      ["ture=2", "ture=3"],
      ["ture=b6", "ture=b7"],
      ["sOO8", "sOO9"],
      ["ture:d", "ture:e"],
    ] as const) {
      if (!example.body.includes(from)) continue
      const altered = { ...example, body: example.body.replace(from, to) }
      await expect(payloadOf(altered, form, 1000)).rejects.toMatchObject({
        code: "SignatureDoesNotMatch",
      })
    }
  })

  it.each(BODIES)("yield the payload however it is split: %s", async (...args) => {
    const [, example, form] = args
    for (const size of [1, 7, 1000, example.body.length]) {
      const trailers = new Map<string, string>()
      expect(await payloadOf(example, form, size, trailers)).toBe("a".repeat(66560))
      expect(trailers.get("x-amz-checksum-crc32c")).toBe(form.trailer ? "sOO8/Q==" : undefined)
    }
  })

  it.each(BODIES)("are refused for a storage class that does not exist: %s", async (...args) => {
    const [, { headers, body }] = args
    const store = await aStore({ ...EXAMPLE, now: () => NOW, bucket: "examplebucket" })
    const put = (method: string) =>
      send(store.url, { method, target: "/examplebucket/chunkObject.txt", headers, body })
    expect(await put("PUT")).toMatchObject({
      status: 400,
      body: expect.stringContaining("InvalidStorageClass"),
    })
    expect((await put("POST")).status).toBe(403)
    await store.close()
  })
})

async function* inPieces(body: string, size: number) {
  for (let i = 0; i < body.length; i += size) yield Buffer.from(body.slice(i, i + size))
}
