import { GetBucketCorsCommand, PutBucketCorsCommand, PutObjectCommand } from "@aws-sdk/client-s3"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { aStore, BUCKET, send, sendSigned } from "../testing.ts"

const APP = "http://localhost:3000"
const RULES = [
  {
    ID: "app",
    AllowedOrigins: [APP],
    AllowedMethods: ["GET", "HEAD", "PUT"],
    AllowedHeaders: ["content-type", "range", "if-range", "x-amz-*"],
    ExposeHeaders: ["ETag", "Content-Range"],
    MaxAgeSeconds: 600,
  },
  { AllowedOrigins: ["https://*.example.org"], AllowedMethods: ["GET"], AllowedHeaders: ["*"] },
]

let store: Awaited<ReturnType<typeof aStore>>
const setRules = (CORSRules = RULES) =>
  store.s3.send(new PutBucketCorsCommand({ Bucket: BUCKET, CORSConfiguration: { CORSRules } }))
beforeAll(async () => {
  store = await aStore()
  await store.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: "k", Body: "x" }))
  await setRules()
})
afterAll(async () => {
  expect(store.errors).toEqual([])
  await store.close()
})

function preflight(origin: string, method: string, headers = "", target = `/${BUCKET}/k`) {
  return send(store.url, {
    method: "OPTIONS",
    target,
    headers: {
      origin,
      "access-control-request-method": method,
      ...(headers && { "access-control-request-headers": headers }),
    },
  })
}

describe("the CORS configuration of a bucket", () => {
  it("is read back as it was set, and survives a restart", async () => {
    const read = () => store.s3.send(new GetBucketCorsCommand({ Bucket: BUCKET }))
    await store.restart()
    expect((await read()).CORSRules).toEqual(RULES)
  })

  it("is refused if it is invalid", async () => {
    const rule = { AllowedOrigins: [APP], AllowedMethods: ["GET"] }
    for (const bad of [
      { ...rule, AllowedMethods: ["PATCH"] },
      { ...rule, AllowedOrigins: ["*.*"] },
      { ...rule, AllowedOrigins: [] },
      { ...rule, AllowedMethods: [] },
      { ...rule, ExposeHeaders: ["a\r\nb"] },
    ]) {
      const command = { Bucket: BUCKET, CORSConfiguration: { CORSRules: [bad] } }
      await expect(store.s3.send(new PutBucketCorsCommand({ ...command }))).rejects.toMatchObject({
        $metadata: { httpStatusCode: 400 },
      })
    }
    const unchecked = await sendSigned(store.url, {
      method: "PUT",
      target: `/${BUCKET}?cors`,
      body: "<CORSConfiguration/>",
      headers: { "content-length": "20" },
    })
    expect(unchecked.body).toContain("Missing required header")
  })
})

describe("a preflight", () => {
  it("is answered without a signature, whether or not there is such an object", async () => {
    for (const target of [`/${BUCKET}/k`, `/${BUCKET}/not/there?X-Amz-Signature=x`, `/${BUCKET}`]) {
      const { status, headers } = await preflight(APP, "PUT", "Content-Type, x-amz-meta-a", target)
      expect(status).toBe(200)
      expect(headers).toMatchObject({
        "access-control-allow-origin": APP,
        "access-control-allow-methods": "GET, HEAD, PUT",
        "access-control-allow-headers": "content-type, x-amz-meta-a",
        "access-control-expose-headers": "ETag, Content-Range",
        "access-control-max-age": "600",
        vary: expect.stringContaining("Origin"),
      })
    }
  })

  it.each([
    ["another origin", "http://localhost:3001", "GET", ""],
    ["a longer origin", `${APP}.evil.example`, "GET", ""],
    ["another scheme", "https://localhost:3000", "GET", ""],
    ["no real origin", "null", "GET", ""],
    ["a method not allowed", APP, "DELETE", ""],
    ["a header not allowed", APP, "PUT", "content-type, authorization"],
    ["a wildcard origin that does not fit", "https://example.org", "GET", ""],
  ])("is refused for %s", async (_title, origin, method, headers) => {
    const answer = await preflight(origin, method, headers)
    expect(answer.status).toBe(403)
    expect(answer.body).toContain("AccessForbidden")
    expect(answer.headers["access-control-allow-origin"]).toBeUndefined()
  })

  it("fits wildcards", async () => {
    const { headers } = await preflight("https://a.example.org", "GET", "x-anything")
    expect(headers["access-control-allow-origin"]).toBe("https://a.example.org")
  })

  it("is refused for a bucket that does not exist, and without the headers of a preflight", async () => {
    expect((await preflight(APP, "GET", "", "/no-such-bucket/k")).status).toBe(403)
    const bare = await send(store.url, { method: "OPTIONS", target: `/${BUCKET}/k` })
    expect(bare.status).toBe(400)
  })
})

describe("an answer to a page of an allowed origin", () => {
  it("can be read by it, whether it is a success, a refusal or a missing object", async () => {
    const ask = (target: string, origin: string) =>
      sendSigned(store.url, { target, headers: { origin } })
    for (const [target, status] of [
      [`/${BUCKET}/k`, 200],
      [`/${BUCKET}/none`, 404],
    ] as const) {
      const answer = await ask(target, APP)
      expect([answer.status, answer.headers["access-control-allow-origin"]]).toEqual([status, APP])
    }
    const unsigned = await send(store.url, { target: `/${BUCKET}/k`, headers: { origin: APP } })
    expect([unsigned.status, unsigned.headers["access-control-allow-origin"]]).toEqual([403, APP])

    const other = await ask(`/${BUCKET}/k`, "http://elsewhere.example")
    expect(other.headers["access-control-allow-origin"]).toBeUndefined()
    expect(other.headers.vary).toContain("Origin")
  })
})
