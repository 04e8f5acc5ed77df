import { expect, it } from "vitest"
import { aLink } from "#testing/builders/a-link.ts"
import { countsOf } from "#testing/builders/counts-of.ts"
import { aClient, isSigned } from "#testing/visitors/visitor-client.ts"

const claimsOf = async (shareId: string) => (await countsOf(shareId)).downloads

/** An HTTP client that keeps its cookies, like curl with a cookie jar. */
function curl() {
  const { send } = aClient()
  return (method: "GET" | "HEAD", path: string, range?: string) =>
    send(method, path, { by: "library", ...(range && { headers: { range } }) })
}

const RANGES: [range: string, claims: boolean][] = [
  ["bytes=0-", true],
  ["bytes=0-0", true],
  ["Bytes=0-99", true],
  ["bytes=00-99", true],
  ["bytes = 0-", true],
  ["bytes=0-99,500-599", true],
  ["bytes=1-", false],
  ["BYTES=100-", false],
  ["bytes=-500", false],
  ["bytes=500-599,0-99", false],
  // The store ignores an invalid range and sends the whole file.
  ["items=5-9", true],
  ["nonsense", true],
]

it.each(RANGES)("a direct link asked for %o without a ticket claims: %o", async (range, claims) => {
  const link = await aLink({ direct: true })
  const file = `/s/${link.token}/d/${link.fileId}`

  const answer = await curl()("GET", file, range)

  expect(isSigned(answer)).toBe(claims)
  expect(await claimsOf(link.shareId)).toBe(claims ? 1 : 0)
})

it("a download that asks by HEAD, then in ranges, then again counts once", async () => {
  const link = await aLink({ direct: true })
  const file = `/s/${link.token}/d/${link.fileId}`
  const ask = curl()

  expect((await ask("HEAD", file)).status).toBe(200)
  expect(await claimsOf(link.shareId)).toBe(0)
  const first = await ask("GET", file, "bytes=0-99")
  const rest = await Promise.all(
    ["bytes=100-199", "bytes=200-", "bytes=-5", "bytes=0-"].map((range) => ask("GET", file, range)),
  )
  await ask("HEAD", file)

  expect([first, ...rest].map(isSigned)).toEqual([true, true, true, true, true])
  expect(await claimsOf(link.shareId)).toBe(1)
})
