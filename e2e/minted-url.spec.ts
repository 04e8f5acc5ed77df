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

  const let_in: string[] = []
  for (const altered of alterations(url)) {
    const { status } = await fetch(altered)
    // S3 answers 400 to a query that is no signature any more.
    if (status !== 403 && status !== 400) let_in.push(`${status} ${altered}`)
  }
  expect(let_in).toEqual([])
  for (const method of ["PUT", "DELETE", "POST", "HEAD"]) {
    expect((await fetch(url, { method })).status, method).toBe(403)
  }

  await sleep(clickedAt + 16_500 - Date.now())
  const late = await fetch(url)
  expect([late.status, await late.text()]).toEqual([403, expect.stringContaining("AccessDenied")])
})

/** The address with each byte of its query changed in turn, and a few with something added or left out. */
function alterations(url: string) {
  const start = url.indexOf("?") + 1
  const changed = Array.from({ length: url.length - start }, (_, offset) => {
    const at = start + offset
    const other = url[at] === "a" ? "b" : "a"
    return url.slice(0, at) + other + url.slice(at + 1)
  })
  const without = [...new URL(url).searchParams.keys()].map((name) => {
    const less = new URL(url)
    less.searchParams.delete(name)
    return less.href
  })
  return [...changed, ...without, `${url}&response-content-language=en`]
}
