import { setTimeout as sleep } from "node:timers/promises"
import { click } from "./click.ts"
import { expect, test } from "./fixtures.ts"

test("the address a click mints works now, not when a single byte of it is altered, and not after its lifetime", async ({
  owner,
  stranger,
}) => {
  const share = await owner.share("survey.pdf", { mintTtlSeconds: 15 })
  const clickedAt = Date.now()
  const answer = await click(await stranger(), share)
  expect(answer.headers()).toMatchObject({
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
  })
  const url = answer.headers().location ?? ""
  expect(new URL(url).searchParams.get("X-Amz-Expires")).toBe("15")

  const good = await fetch(url)
  expect([good.status, await good.text()]).toEqual([200, "the bytes of survey.pdf"])
  expect(good.headers.get("content-disposition")).toContain("attachment")
  expect(good.headers.get("x-content-type-options")).toBe("nosniff")

  const { altered, unlike } = await askAltered(url)
  expect(unlike).toEqual([])
  // Of every value but the algorithm some alterations are well formed: all of these are 403.
  expect(altered.wrong).toBeGreaterThan(300)
  expect(altered.malformed).toBeGreaterThan(100)
  expect(altered.noUri).toBeGreaterThan(0)
  for (const method of ["PUT", "DELETE", "POST", "HEAD"]) {
    expect((await fetch(url, { method })).status, method).toBe(403)
  }

  await sleep(clickedAt + 16_500 - Date.now())
  const late = await fetch(url)
  expect([late.status, await late.text()]).toEqual([403, expect.stringContaining("AccessDenied")])
})

/** What S3 says of each. */
const ANSWERS = {
  wrong: /^403 (SignatureDoesNotMatch|AccessDenied|InvalidAccessKeyId)$/,
  malformed: /^400 AuthorizationQueryParametersError$/,
  noUri: /^400 InvalidURI$/,
}

/** Requests each alteration of the address; returns the answers that differ from S3's. */
async function askAltered(url: string) {
  const altered = { wrong: 0, malformed: 0, noUri: 0 }
  const unlike: string[] = []
  const [, date = ""] = (new URL(url).searchParams.get("X-Amz-Credential") ?? "").split("/")
  for (const other of alterations(url)) {
    const kind = !isUri(other) ? "noUri" : isWellFormed(other, date) ? "wrong" : "malformed"
    altered[kind]++
    const answer = await fetch(other)
    const code = /<Code>(\w+)<\/Code>/.exec(await answer.text())?.[1]
    if (!ANSWERS[kind].test(`${answer.status} ${code}`)) {
      unlike.push(`${kind}: ${answer.status} ${code} ${other}`)
    }
  }
  return { altered, unlike }
}

/** The address with each byte of its query changed, and some with a parameter added or missing. */
function alterations(url: string) {
  const start = url.indexOf("?") + 1
  const changed = Array.from({ length: url.length - start }, (_, offset) => {
    const at = start + offset
    return othersFor(url[at] ?? "").map((other) => url.slice(0, at) + other + url.slice(at + 1))
  }).flat()
  const pairs = url.slice(start).split("&")
  const without = pairs.map(
    (pair) => url.slice(0, start) + pairs.filter((other) => other !== pair).join("&"),
  )
  return [...changed, ...without, `${url}&response-content-language=en`]
}

/** One byte of the same kind, so that its value may stay well formed, and one of another. */
function othersFor(byte: string) {
  if (/\d/.test(byte)) return [String((Number(byte) + 1) % 10), "z"]
  if (/[A-Z]/.test(byte)) return [byte === "A" ? "B" : "A", "7"]
  if (/[a-z]/.test(byte)) return [byte === "a" ? "b" : "a", "7"]
  return ["a"]
}

const isUri = (url: string) => !/%(?![0-9A-Fa-f]{2})/.test(url)

/**
 * Whether S3 would compare a signature at all. It answers 400 to an algorithm, a credential scope,
 * a date or a lifetime that it cannot read, and to a query that lacks one of the six parameters.
 */
function isWellFormed(url: string, date: string) {
  const query = new URL(url).searchParams
  const the = (name: string) => (query.getAll(name).length === 1 ? (query.get(name) ?? "") : "")
  const [key, ...scope] = the("X-Amz-Credential").split("/")
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(the("X-Amz-Date")) ?? []
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return (
    the("X-Amz-Algorithm") === "AWS4-HMAC-SHA256" &&
    key !== "" &&
    scope.join("/") === `${date}/us-east-1/s3/aws4_request` &&
    !Number.isNaN(at) &&
    /^\d+$/.test(the("X-Amz-Expires")) &&
    the("X-Amz-SignedHeaders") !== "" &&
    the("X-Amz-Signature") !== ""
  )
}
