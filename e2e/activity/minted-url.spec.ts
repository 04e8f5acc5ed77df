import { expect, test } from "../fixtures.ts"
import { click } from "../network/send-click.ts"

// expired-link.spec.ts tests the expiry of a URL; packages/local-s3 alters each of its bytes.
test("the URL of a click works, but not when it is altered or used with another method", async ({
  owner,
  stranger,
}) => {
  const share = await owner.share("survey.pdf", { mintTtlSeconds: 15 })
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

  for (const altered of alterations(url)) {
    const { status } = await fetch(altered)
    expect([400, 403], altered).toContain(status)
  }
  for (const method of ["PUT", "DELETE", "POST", "HEAD"]) {
    expect((await fetch(url, { method })).status, method).toBe(403)
  }
})

/** The URL with the key or one parameter changed, with one missing, and with one added. */
function alterations(url: string) {
  const names = [...new URL(url).searchParams.keys()]
  expect(names).toContain("X-Amz-Signature")
  const without = (name: string) => change(url, ({ searchParams }) => searchParams.delete(name))
  const altered = (name: string) =>
    change(url, ({ searchParams }) => {
      const value = searchParams.get(name) ?? ""
      searchParams.set(name, value.slice(0, -1) + (value.endsWith("1") ? "2" : "1"))
    })
  return [
    ...names.map(without),
    ...names.map(altered),
    change(url, ({ searchParams }) => searchParams.set("response-content-language", "en")),
    change(url, (other) => {
      other.pathname += "1"
    }),
  ]
}

function change(url: string, work: (url: URL) => void) {
  const other = new URL(url)
  work(other)
  return other.href
}
