import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type PutObjectCommandInput,
  PutObjectTaggingCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import {
  aSigner,
  aStore,
  BUCKET,
  KEYS,
  presign,
  type RawRequest,
  send,
  sendSigned,
} from "../testing.ts"
import { indexKeys } from "./access-keys.ts"

const RED = aSigner("red")
const BLUE = aSigner("blue")
const BOTH = {
  accessKeyId: "AKIDBOTH",
  secretAccessKey: "the secret of both",
  only: {
    ...RED.only,
    tags: [
      { key: "signer", value: "red" },
      { key: "level", value: "1" },
    ],
  },
}

let store: Awaited<ReturnType<typeof aStore>>
beforeAll(async () => {
  store = await aStore({ restrictedKeys: [RED, BLUE, BOTH] })
  await store.s3.send(new CreateBucketCommand({ Bucket: "another" }))
  for (const Bucket of [BUCKET, "another"])
    for (const Key of ["o/k", "p/k", "O/k", "o", "/o/k", "oo/k", "o/../p/k"])
      await put(Key, { Bucket })
})
afterAll(async () => {
  expect(store.errors).toEqual([])
  await store.close()
})

const put = (Key: string, more: Partial<PutObjectCommandInput> = {}) =>
  store.s3.send(
    new PutObjectCommand({ Bucket: BUCKET, Key, Body: "body", Tagging: "signer=red", ...more }),
  )
const setTags = (Key: string, tags: Record<string, string>) => {
  const TagSet = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
  return store.s3.send(new PutObjectTaggingCommand({ Bucket: BUCKET, Key, Tagging: { TagSet } }))
}

const code = (body: string) => /<Code>(.*)<\/Code>/.exec(body)?.[1]
const REFUSED = [403, "AccessDenied"]

/** Sends a request presigned and with a signed header, and returns both answers. */
async function askBoth(raw: RawRequest, keys = KEYS) {
  return [
    await send(store.url, presign(store.url, raw, { keys })),
    await sendSigned(store.url, raw, { keys }),
  ]
}

/** The status of a GET, which must be the same in both ways. */
async function statusFor(keys: typeof KEYS, target: string, raw: Partial<RawRequest> = {}) {
  const [presigned, signed] = await askBoth({ target, ...raw }, keys)
  expect(presigned?.status).toBe(signed?.status)
  return presigned?.status
}

describe("a restricted key", () => {
  const target = `/${BUCKET}/o/k`
  const OVERRIDES = "response-content-disposition=attachment&response-content-type=text%2Fplain"

  it.each<[string, number, RawRequest]>([
    ["as it is", 200, { target }],
    ["by HEAD", 200, { target, method: "HEAD" }],
    ["a range of it", 206, { target, headers: { range: "bytes=1-2" } }],
    ["a range by HEAD", 206, { target, method: "HEAD", headers: { range: "bytes=1-2" } }],
    ["a range beyond it", 416, { target, headers: { range: "bytes=9-" } }],
    ["with overrides", 200, { target: `${target}?${OVERRIDES}` }],
    ["its first part", 206, { target: `${target}?partNumber=1` }],
    ["with a parameter of its own", 200, { target: `${target}?x-claim=1` }],
    ["under a condition that fails", 412, { target, headers: { "if-match": '"other"' } }],
    ["unless it is there", 304, { target, headers: { "if-none-match": "*" } }],
    [
      "a range if it is another",
      200,
      { target, headers: { range: "bytes=1-2", "if-range": '"x"' } },
    ],
  ])("reads an object of its colour as any key does: %s", async (_, status, raw) => {
    const asAnyKey = await askBoth(raw)
    const answers = await askBoth(raw, RED)
    for (const [index, answer] of answers.entries()) {
      expect(answer.status).toBe(status)
      const expected = asAnyKey[index]
      if (status < 400) expect(answer.body).toBe(expected?.body)
      const named = ({ headers }: typeof answer) => ({ ...headers, ...IGNORED })
      if (expected) expect(named(answer)).toEqual(named(expected))
    }
    for (const answer of await askBoth(raw, BLUE))
      expect([answer.status, code(answer.body)]).toEqual([
        403,
        raw.method === "HEAD" ? undefined : "AccessDenied",
      ])
  })

  it("may do nothing else, and its attempts change nothing", async () => {
    const upload = { Bucket: BUCKET, Key: "o/k" }
    const { UploadId } = await store.s3.send(new CreateMultipartUploadCommand(upload))
    const before = await everything()
    const copy = { "x-amz-copy-source": `/${BUCKET}/o/k` }
    const tagging =
      "<Tagging><TagSet><Tag><Key>signer</Key><Value>blue</Value></Tag></TagSet></Tagging>"
    const tries: [method: string, targets: string[], more?: Partial<RawRequest>][] = [
      [
        "GET",
        [
          ...["tagging", "attributes", "acl", "torrent", "retention", "legal-hold", "restore"].map(
            (name) => `${target}?${name}`,
          ),
          ...["null", "", "abc"].map((id) => `${target}?versionId=${id}`),
          `${target}?uploadId=${UploadId}`,
          ...["", "?list-type=2", "?prefix=o%2F", "?versions", "?uploads", "?location"].map(
            (query) => `/${BUCKET}${query}`,
          ),
          ...["cors", "versioning", "policy", "acl", "tagging", "lifecycle"].map(
            (name) => `/${BUCKET}?${name}`,
          ),
          `/${BUCKET}/`,
          "/",
        ],
      ],
      ["HEAD", [`/${BUCKET}`, `/${BUCKET}/`, `${target}?tagging`, `${target}?versionId=null`, "/"]],
      ["PUT", [target, `/${BUCKET}/o/new`, `${target}?partNumber=1&uploadId=${UploadId}`]],
      ["PUT", [`${target}?tagging`], { body: tagging }],
      ["PUT", [target, `/${BUCKET}/o/new`], { headers: copy }],
      ["PUT", [`${target}?partNumber=1&uploadId=${UploadId}`], { headers: copy }],
      ["PUT", [`${target}?acl`, `/${BUCKET}?acl`, `/${BUCKET}?cors`, `/${BUCKET}?policy`]],
      ["PUT", ["/new-bucket", `/${BUCKET}`]],
      [
        "POST",
        [`${target}?uploads`, `${target}?uploadId=${UploadId}`, `${target}?restore`, target],
      ],
      ["POST", [`/${BUCKET}?delete`, `/${BUCKET}`]],
      ["DELETE", [target, `${target}?tagging`, `${target}?uploadId=${UploadId}`]],
      ["DELETE", [`/${BUCKET}`, `/${BUCKET}?cors`, `/${BUCKET}?policy`, "/another"]],
      ["PATCH", [target]],
    ]
    for (const [method, targets, { body = "", headers = {} } = {}] of tries)
      for (const each of targets) {
        const length =
          method === "GET" || method === "HEAD" ? {} : { "content-length": String(body.length) }
        const raw = {
          method,
          target: each,
          headers: { ...length, ...headers },
          ...(body && { body }),
        }
        const expected = method === "HEAD" ? [403, undefined] : REFUSED
        for (const answer of await askBoth(raw, RED))
          expect([method, each, answer.status, code(answer.body)]).toEqual([
            method,
            each,
            ...expected,
          ])
      }
    expect(await everything()).toEqual(before)
  })

  it("is restricted to the bucket and the key prefix of its rule", async () => {
    const paths = {
      [`/${BUCKET}/o/k`]: 200,
      [`/${BUCKET}/o/../p/k`]: 200, // a name like any other: keys have no directories
      [`/${BUCKET}/p/k`]: 403,
      [`/${BUCKET}/O/k`]: 403,
      [`/${BUCKET}/o`]: 403,
      [`/${BUCKET}//o/k`]: 403,
      [`/${BUCKET}/oo/k`]: 403,
      "/another/o/k": 403,
      "/nowhere/o/k": 403,
    }
    for (const [path, status] of Object.entries(paths))
      expect([path, await statusFor(RED, path)]).toEqual([path, status])
  })

  it("learns nothing of an object that it may not read, not even whether it exists", async () => {
    await put("o/hidden", { Tagging: "signer=blue" })
    const forms: [query: string, more?: Partial<RawRequest>][] = [
      [""],
      ["?partNumber=7"],
      ["", { method: "HEAD" }],
      ["", { headers: { range: "bytes=0-0" } }],
      ["", { headers: { range: "bytes=99-" } }],
      ["", { headers: { "if-none-match": "*" } }],
      ["", { headers: { "if-match": '"other"' } }],
      ["", { headers: { "if-modified-since": "Thu, 01 Jan 2099 00:00:00 GMT" } }],
    ]
    const answersTo = async (key: string, query: string, more: Partial<RawRequest> = {}) => {
      const answers = await askBoth({ target: `/${BUCKET}/${key}${query}`, ...more }, RED)
      return answers.map(({ status, headers, body }) => ({
        status,
        headers: { ...headers, ...IGNORED },
        body: body.replaceAll(key, "").replace(/<(RequestId|HostId)>\w*/g, ""),
      }))
    }
    for (const form of forms) {
      const hidden = await answersTo("o/hidden", ...form)
      expect(hidden.map(({ status }) => status)).toEqual([403, 403])
      expect(hidden).toEqual(await answersTo("o/absent", ...form))
    }
  })

  it.each([
    [{}, 403],
    [{ signer: "red" }, 200],
    [{ signer: "blue" }, 403],
    [{ signer: "Red" }, 403],
    [{ signer: "RED" }, 403],
    [{ Signer: "red" }, 403],
    [{ SIGNER: "red" }, 403],
    [{ signer: "" }, 403],
    [{ signer: "re" }, 403],
    [{ signer: "redd" }, 403],
    [{ signer: "red " }, 403],
    [{ signer: " red" }, 403],
    [{ "signer ": "red" }, 403],
    [{ signer: "rеd" }, 403], // a Cyrillic letter
    [{ signer: "red/blue" }, 403],
    [{ signers: "red" }, 403],
    [{ red: "signer" }, 403],
    [{ colour: "red" }, 403],
    [{ a: "1", signer: "red" }, 200],
    [{ signer: "red", z: "blue" }, 200],
    [{ colour: "red", signer: "blue" }, 403],
    [{ Signer: "red", signer: "blue" }, 403],
    [{ Signer: "blue", signer: "red" }, 200],
  ])("compares tags exactly: %j is %d", async (tags, status) => {
    await put("o/tags")
    await setTags("o/tags", tags)
    expect(await statusFor(RED, `/${BUCKET}/o/tags`)).toBe(status)
    expect(await statusFor(KEYS, `/${BUCKET}/o/tags`)).toBe(200)
  })

  it.each([
    ["signer=red", 200],
    ["%73igner=%72%65%64", 200],
    ["signer=r%65d&a=b", 200],
    ["a=b+signer%3Dred", 403],
    ["signer=+red", 403],
    ["signer=red+", 403],
    ["signer=red%20", 403],
    ["signer", 403],
    ["", 403],
  ])("compares the tags of an upload after their decoding: %j is %d", async (Tagging, status) => {
    await put("o/encoded", { Tagging })
    expect(await statusFor(RED, `/${BUCKET}/o/encoded`)).toBe(status)
  })

  it("needs every tag of its rule", async () => {
    const cases: [tags: Record<string, string>, status: number][] = [
      [{ signer: "red", level: "1" }, 200],
      [{ signer: "red", level: "1", more: "" }, 200],
      [{ signer: "red" }, 403],
      [{ level: "1" }, 403],
      [{ signer: "red", level: "2" }, 403],
      [{ signer: "blue", level: "1" }, 403],
    ]
    await put("o/both")
    for (const [tags, status] of cases) {
      await setTags("o/both", tags)
      expect([tags, await statusFor(BOTH, `/${BUCKET}/o/both`)]).toEqual([tags, status])
    }
  })

  it("reads an object at once that an upload, a copy or an upload in parts gave its colour", async () => {
    const object = { Bucket: BUCKET, Key: "o/made" }
    const colours = async () => [
      await statusFor(RED, `/${BUCKET}/o/made`),
      await statusFor(BLUE, `/${BUCKET}/o/made`),
    ]
    const copy = (more: object) =>
      store.s3.send(new CopyObjectCommand({ ...object, CopySource: `${BUCKET}/o/k`, ...more }))
    await put("o/made", { Tagging: "signer=blue" })
    expect(await colours()).toEqual([403, 200])
    await copy({})
    expect(await colours()).toEqual([200, 403])
    await copy({ TaggingDirective: "REPLACE", Tagging: "signer=blue" })
    expect(await colours()).toEqual([403, 200])
    await copy({ TaggingDirective: "REPLACE" })
    expect(await colours()).toEqual([403, 403])
    await put("o/made", { Tagging: "" })
    expect(await colours()).toEqual([403, 403])

    const { UploadId } = await store.s3.send(
      new CreateMultipartUploadCommand({ ...object, Tagging: "signer=red" }),
    )
    const part = { ...object, UploadId, PartNumber: 1 }
    const { ETag } = await store.s3.send(new UploadPartCommand({ ...part, Body: "parts" }))
    expect(await colours()).toEqual([403, 403])
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] }
    await store.s3.send(
      new CompleteMultipartUploadCommand({ ...object, UploadId, MultipartUpload }),
    )
    expect(await colours()).toEqual([200, 403])
    await store.restart()
    expect(await colours()).toEqual([200, 403])
  })

  it("is refused without its secret, and its secret signs for no other key", async () => {
    const wrong = [
      { ...RED, secretAccessKey: KEYS.secretAccessKey },
      { ...RED, secretAccessKey: BLUE.secretAccessKey },
      { ...RED, accessKeyId: KEYS.accessKeyId },
      { ...RED, accessKeyId: BLUE.accessKeyId },
    ]
    for (const keys of wrong)
      for (const answer of await askBoth({ target }, keys))
        expect([answer.status, code(answer.body)]).toEqual([403, "SignatureDoesNotMatch"])
    for (const answer of await askBoth({ target }, { ...RED, accessKeyId: "AKIDred" }))
      expect([answer.status, code(answer.body)]).toEqual([403, "InvalidAccessKeyId"])
  })

  it("is refused before the store listens, if its rule would open more than it says", () => {
    const refusalOf = (key: object) => () =>
      indexKeys({ ...KEYS, restrictedKeys: [RED, { ...BLUE, ...key }] })
    const form = /^Restricted key 2 is not of the form/
    const { only } = BLUE
    expect(refusalOf({ only: { ...only, tags: [] } })).toThrow(form)
    expect(refusalOf({ only: { ...only, action: "*" } })).toThrow(form)
    expect(refusalOf({ only: { ...only, until: "tomorrow" } })).toThrow(form)
    expect(refusalOf({ only: { ...only, bucket: "" } })).toThrow(form)
    expect(refusalOf({ only: undefined })).toThrow(form)
    expect(refusalOf({ secretAccessKey: "" })).toThrow(form)
    expect(refusalOf({ accessKeyId: RED.accessKeyId })).toThrow("Two keys")
    expect(refusalOf({ accessKeyId: KEYS.accessKeyId })).toThrow("Two keys")
  })
})

/** Headers that differ between any two answers. */
const IGNORED = { "x-amz-request-id": "", "x-amz-id-2": "", date: "", "content-length": "" }

/** Everything that is stored, as a client can see it. */
async function everything() {
  const { Contents } = await store.s3.send(new ListObjectsV2Command({ Bucket: BUCKET }))
  const { Uploads } = await store.s3.send(new ListMultipartUploadsCommand({ Bucket: BUCKET }))
  const one = { Bucket: BUCKET, Key: "o/k" }
  const { TagSet } = await store.s3.send(new GetObjectTaggingCommand(one))
  const { Body } = await store.s3.send(new GetObjectCommand(one))
  return { Contents, Uploads, TagSet, body: await Body?.transformToString() }
}
