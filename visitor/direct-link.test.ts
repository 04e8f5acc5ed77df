import { expect, it } from "vitest"
import { db } from "#lib/db.ts"
import { aLink } from "#testing/a-link.ts"
import { aVisitor, leadsToStore } from "#testing/a-visitor.ts"

const curl = { "user-agent": "curl/8.14.1", accept: "*/*" }

const claimsOf = async (shareId: string) => {
  const { _sum } = await db.shareCounter.aggregate({
    where: { shareId },
    _sum: { downloads: true },
  })
  return Number(_sum.downloads ?? 0)
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
  // The store ignores what is no range of bytes and sends the whole file.
  ["items=5-9", true],
  ["nonsense", true],
]

it.each(RANGES)("a direct link asked for %o without a ticket claims: %o", async (range, claims) => {
  const link = await aLink({ direct: true })
  const file = `/s/${link.token}/d/${link.fileId}`

  const answer = await aVisitor({ headers: curl }).go(file, { headers: { range } })

  expect(leadsToStore(answer)).toBe(claims)
  expect(await claimsOf(link.shareId)).toBe(claims ? 1 : 0)
})

it("a download that asks by HEAD, then in ranges, then again counts once", async () => {
  const link = await aLink({ direct: true })
  const file = `/s/${link.token}/d/${link.fileId}`
  const { go } = aVisitor({ headers: curl })

  expect((await go(file, { method: "HEAD" })).status).toBe(200)
  expect(await claimsOf(link.shareId)).toBe(0)
  const first = await go(file, { headers: { range: "bytes=0-99" } })
  const rest = await Promise.all(
    ["bytes=100-199", "bytes=200-", "bytes=-5", "bytes=0-"].map((range) =>
      go(file, { headers: { range } }),
    ),
  )
  await go(file, { method: "HEAD" })

  expect([first, ...rest].map(leadsToStore)).toEqual([true, true, true, true, true])
  expect(await claimsOf(link.shareId)).toBe(1)
})
