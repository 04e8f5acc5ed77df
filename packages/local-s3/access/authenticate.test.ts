import { createHash } from "node:crypto"
import { Agent } from "node:http"
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3"
import { getSignedUrl } from "@aws-sdk/s3-request-presigner"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import {
  aClient,
  aStore,
  BUCKET,
  KEYS,
  type RawRequest,
  send,
  sendSigned,
  sign,
} from "../testing.ts"

let store: Awaited<ReturnType<typeof aStore>>
let now = new Date()
beforeAll(async () => {
  store = await aStore({ now: () => now })
  await store.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: "o/k", Body: "secret" }))
})
afterAll(async () => {
  expect(store.errors).toEqual([])
  await store.close()
})
beforeEach(() => {
  now = new Date()
})

const GET = new GetObjectCommand({
  Bucket: BUCKET,
  Key: "o/k",
  ResponseContentDisposition: "attachment; filename=\"a.txt\"; filename*=UTF-8''%C3%A4.txt",
})

async function presigned(expiresIn = 60, signingDate = now) {
  const { pathname, search } = new URL(
    await getSignedUrl(store.s3, GET, { expiresIn, signingDate }),
  )
  return { path: pathname, query: search.slice(1) }
}

const code = (body: string) => /<Code>(.*)<\/Code>/.exec(body)?.[1]

describe("a presigned URL", () => {
  it("is accepted unchanged", async () => {
    const { path, query } = await presigned()
    expect(await send(store.url, { target: `${path}?${query}` })).toMatchObject({
      status: 200,
      body: "secret",
    })
  })

  it("is refused with any byte of its query altered, dropped or doubled", async () => {
    const { path, query } = await presigned()
    const altered = [...query].flatMap((byte, at) => {
      const other = [
        flipCase(byte),
        String.fromCharCode(byte.charCodeAt(0) ^ 1),
        byte === "0" ? "1" : "0",
        "",
        byte + byte,
      ]
      return other
        .filter((text) => text !== byte && !/[#\s]/.test(text))
        .map((text) => query.slice(0, at) + text + query.slice(at + 1))
    })
    const accepted = await refused(altered.map((text) => ({ target: `${path}?${text}` })))
    expect(accepted).toEqual([])
  })

  it("is refused with anything added to, taken from or moved in its query", async () => {
    const { path, query } = await presigned()
    const pairs = query.split("&")
    const changed = [
      `${query}&utm_source=x`,
      `x=&${query}`,
      `${query}&`,
      query.replaceAll("%20", "+"),
      query.replace("X-Amz-Date", "x-amz-date"),
      ...pairs.map((pair) => pairs.filter((other) => other !== pair).join("&")),
      ...pairs.map((pair) => [...pairs, pair].join("&")),
    ].filter((text) => text !== query)
    expect(await refused(changed.map((text) => ({ target: `${path}?${text}` })))).toEqual([])
  })

  it("is bound to its method, its path and its host", async () => {
    const { path, query } = await presigned()
    await store.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: "o/other", Body: "x" }))
    const requests: RawRequest[] = [
      ...["HEAD", "PUT", "DELETE", "POST"].map((method) => ({
        method,
        target: `${path}?${query}`,
      })),
      { target: `/${BUCKET}/o/other?${query}` },
      { target: `/${BUCKET}/o/k/?${query}` },
      { target: `/${BUCKET}//o/k?${query}` },
      { target: `/${BUCKET}?${query}` },
      { target: `${path}?${query}`, headers: { host: "localhost" } },
      {
        target: `${path}?${query}`,
        headers: { host: `${new URL(store.url).host}.` },
      },
    ]
    expect(await refused(requests)).toEqual([])
  })

  it("is valid for exactly its stated time", async () => {
    const signedAt = new Date(Math.floor(now.getTime() / 1000) * 1000)
    const { path, query } = await presigned(60, signedAt)
    const at = async (ms: number) => {
      now = new Date(signedAt.getTime() + ms)
      const { status, body } = await send(store.url, { target: `${path}?${query}` })
      return [status, code(body), /<Message>(.*)<\/Message>/.exec(body)?.[1]]
    }
    expect(await at(0)).toEqual([200, undefined, undefined])
    expect(await at(59_999)).toEqual([200, undefined, undefined])
    expect(await at(60_000)).toEqual([403, "AccessDenied", "Request has expired"])
    expect(await at(-15 * 60_000 - 1)).toEqual([403, "AccessDenied", "Request is not valid yet"])
  })

  it.each(["0", "604801", "-1", "60.5", "1e3", "", "99999999999"])(
    "is refused with a lifetime of %j",
    async (expires) => {
      const { path, query } = await presigned()
      const target = `${path}?${query.replace(/X-Amz-Expires=\d+/, `X-Amz-Expires=${expires}`)}`
      const answer = await send(store.url, { target })
      expect([answer.status, code(answer.body)]).toEqual([400, "AuthorizationQueryParametersError"])
    },
  )

  it.each([
    ["/us-east-1/", "/eu-west-1/", "the region 'eu-west-1' is wrong; expecting 'us-east-1'"],
    ["/s3/", "/ec2/", "incorrect service 'ec2'. This endpoint belongs to 's3'."],
    [/\/20\d{6}\//, "/20130524/", "Invalid credential date '20130524'."],
    ["/aws4_request", "/aws5_request", "the Credential is mal-formed; expecting"],
  ])("with a credential for another scope is refused in S3's words: %s", async (from, to, why) => {
    const { path, query } = await presigned()
    const altered = query.replace(/(?<=X-Amz-Credential=)[^&]*/, (credential) =>
      encodeURIComponent(decodeURIComponent(credential).replace(from, to)),
    )
    const { status, body } = await send(store.url, { target: `${path}?${altered}` })
    expect([status, code(body)]).toEqual([400, "AuthorizationQueryParametersError"])
    const message = /<Message>(.*)<\/Message>/.exec(body)?.[1]?.replace(/&(quot|apos);/g, "'")
    expect(message).toMatch(/^Error parsing the X-Amz-Credential parameter; /)
    expect(message).toContain(why)
  })

  it("may be valid for a week", async () => {
    const { path, query } = await presigned(604_800)
    now = new Date(now.getTime() + 604_700_000)
    expect((await send(store.url, { target: `${path}?${query}` })).status).toBe(200)
  })

  it("for a PUT holds the client to the signed length, type and condition", async () => {
    const put = new PutObjectCommand({
      Bucket: BUCKET,
      Key: "o/new",
      ContentLength: 3,
      ContentType: "image/png",
      IfNoneMatch: "*",
    })
    const signed = new Set(["content-type", "content-length", "if-none-match"])
    const url = new URL(await getSignedUrl(store.s3, put, { signableHeaders: signed }))
    const target = url.pathname + url.search
    const good = { "content-length": "3", "content-type": "image/png", "if-none-match": "*" }
    const attempt = (headers: Record<string, string>, body = "abc") =>
      send(store.url, { method: "PUT", target, headers, body })

    const { "if-none-match": _, ...unconditional } = good
    const { "content-type": __, ...untyped } = good
    expect((await attempt(unconditional)).status).toBe(403)
    expect((await attempt(untyped)).status).toBe(403)
    expect((await attempt({ ...good, "content-type": "text/html" })).status).toBe(403)
    expect((await attempt({ ...good, "content-length": "4" }, "abcd")).status).toBe(403)
    expect((await attempt({ ...good, "content-length": "2" }, "ab")).status).toBe(403)
    expect((await attempt({ ...good, "x-amz-meta-x": "1" })).status).toBe(403)
    expect((await attempt(good)).status).toBe(200)
    expect((await attempt(good)).status).toBe(412)
  })

  it("of an unknown key or another secret is refused", async () => {
    for (const [keys, expected] of [
      [{ ...KEYS, accessKeyId: "AKIDOTHER" }, "InvalidAccessKeyId"],
      [{ ...KEYS, secretAccessKey: "another" }, "SignatureDoesNotMatch"],
    ] as const) {
      const { pathname, search } = new URL(await getSignedUrl(aClient(store.url, keys), GET))
      const answer = await send(store.url, { target: pathname + search })
      expect([answer.status, code(answer.body)]).toEqual([403, expected])
    }
  })
})

describe("a signed Authorization header", () => {
  const body = "payload"
  const base: RawRequest = {
    method: "PUT",
    target: `/${BUCKET}/h%20k?x-id=PutObject`,
    headers: {
      "content-type": "text/plain",
      "content-length": String(body.length),
      "content-md5": createHash("md5").update(body).digest("base64"),
      "cache-control": "no-store",
      "x-amz-meta-colour": "red",
    },
    body,
  }

  it("is accepted unchanged", async () => {
    expect((await sendSigned(store.url, base)).status).toBe(200)
  })

  it("is refused with any signed header altered, dropped or emptied", async () => {
    const { seed: _, ...signed } = sign(store.url, base)
    const { authorization: __, ...covered } = signed.headers
    const changed = Object.entries(covered).flatMap(([name, value]) => {
      const { [name]: ___, ...dropped } = signed.headers
      // Node does not send a body that is shorter or longer than its content-length.
      if (name === "content-length")
        return [
          { ...signed, headers: { ...signed.headers, [name]: "8" }, body: `${body}!` },
          { ...signed, headers: { ...signed.headers, [name]: "6" }, body: body.slice(1) },
        ]
      return [
        { ...signed, headers: { ...signed.headers, [name]: alter(value) } },
        // Node's client adds the right host where it is missing.
        ...(name === "host"
          ? []
          : [
              { ...signed, headers: { ...signed.headers, [name]: "" } },
              { ...signed, headers: dropped },
            ]),
      ]
    })
    expect(await refused(changed)).toEqual([])
  })

  it("is refused with any byte of it altered", async () => {
    const { seed: _, ...signed } = sign(store.url, base)
    const { authorization = "" } = signed.headers
    const changed = [...authorization].flatMap((byte, at) =>
      [flipCase(byte), byte === "0" ? "1" : "0"]
        .filter((other) => other !== byte)
        .map((other) => ({
          ...signed,
          headers: {
            ...signed.headers,
            authorization: authorization.slice(0, at) + other + authorization.slice(at + 1),
          },
        })),
    )
    expect(await refused(changed)).toEqual([])
  })

  it("is refused for another method, path or query", async () => {
    const { seed: _, ...signed } = sign(store.url, base)
    const requests = [
      { ...signed, method: "POST" },
      { ...signed, target: `/${BUCKET}/h%20K?x-id=PutObject` },
      { ...signed, target: `/${BUCKET}/h%20k?x-id=PutObjectX` },
      { ...signed, target: `/${BUCKET}/h%20k` },
      { ...signed, target: `/${BUCKET}/h%20k?x-id=PutObject&uploads` },
    ]
    expect(await refused(requests)).toEqual([])
  })

  it("is refused with another body than the one whose hash was signed", async () => {
    const { seed: _, ...signed } = sign(store.url, {
      ...base,
      headers: { "content-length": String(body.length) },
    })
    const answer = await send(store.url, { ...signed, body: "Payload" })
    expect([answer.status, code(answer.body)]).toEqual([400, "XAmzContentSHA256Mismatch"])
  })

  it("must cover the host and every x-amz-* header", async () => {
    const all = ["host", "x-amz-content-sha256", "x-amz-date", "x-amz-meta-colour"]
    for (const left of all) {
      const signing = { signed: all.filter((name) => name !== left) }
      const answer = await sendSigned(store.url, base, signing)
      expect([answer.status, code(answer.body)]).toEqual([403, "AccessDenied"])
      expect(answer.body).toContain(`<HeadersNotSigned>${left}</HeadersNotSigned>`)
    }
  })

  it("is refused when its clock is off by more than fifteen minutes", async () => {
    for (const minutes of [16, -16]) {
      const at = new Date(now.getTime() + minutes * 60_000)
      const answer = await sendSigned(store.url, base, { at })
      expect([answer.status, code(answer.body)]).toEqual([403, "RequestTimeTooSkewed"])
    }
    const at = new Date(now.getTime() - 14 * 60_000)
    expect((await sendSigned(store.url, base, { at })).status).toBe(200)
  })

  it("is refused for another region, another service or another day than its date", async () => {
    const { seed: _, ...signed } = sign(store.url, base)
    const { authorization = "" } = signed.headers
    for (const [from, to] of [
      ["us-east-1", "eu-west-1"],
      ["/s3/", "/ec2/"],
      [/\/\d{8}\//, "/20200101/"],
      ["aws4_request", "aws5_request"],
    ] as const) {
      const headers = { ...signed.headers, authorization: authorization.replace(from, to) }
      const answer = await send(store.url, { ...signed, headers })
      expect([answer.status, code(answer.body)]).toEqual([400, "AuthorizationHeaderMalformed"])
    }
  })

  it("is refused beside a presigned query, and in Signature Version 2", async () => {
    const { path, query } = await presigned()
    const { seed: _, ...signed } = sign(store.url, { target: `${path}?${query}` })
    expect(code((await send(store.url, signed)).body)).toBe("InvalidArgument")
    const headers = { authorization: "AWS AKIDTEST:c2lnbmF0dXJl" }
    expect(code((await send(store.url, { target: path, headers })).body)).toBe("InvalidRequest")
    const target = `${path}?AWSAccessKeyId=AKIDTEST&Signature=x&Expires=9999999999`
    expect(code((await send(store.url, { target })).body)).toBe("InvalidRequest")
  })
})

describe("an unsigned request", () => {
  it("is refused whatever it asks for, and may not set response headers", async () => {
    const path = `/${BUCKET}/o/k`
    for (const method of ["GET", "HEAD", "PUT", "POST", "DELETE"])
      for (const target of ["/", `/${BUCKET}`, path, `${path}?uploads`, "/no-bucket/x"])
        expect((await send(store.url, { method, target })).status).toBe(403)
    const override = await send(store.url, { target: `${path}?response-content-type=text/html` })
    expect([override.status, code(override.body)]).toEqual([400, "InvalidRequest"])
  })
})

/** The requests that were not refused with a 4xx; a test expects none. */
async function refused(requests: RawRequest[]) {
  const accepted: string[] = []
  const width = 16
  // A connection for each of thousands of requests would take most of the time.
  const agent = new Agent({ keepAlive: true, maxSockets: width })
  for (let i = 0; i < requests.length; i += width)
    await Promise.all(
      requests.slice(i, i + width).map(async (request) => {
        const { status } = await send(store.url, request, agent)
        if (status < 400 || status >= 500)
          accepted.push(`${status} ${request.target} ${JSON.stringify(request.headers)}`)
      }),
    )
  agent.destroy()
  return accepted
}

function flipCase(text: string) {
  return text === text.toLowerCase() ? text.toUpperCase() : text.toLowerCase()
}

function alter(value: string) {
  const last = value.at(-1) === "0" ? "1" : "0"
  return value.slice(0, -1) + last
}
