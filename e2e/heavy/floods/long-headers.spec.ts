import { expect, test } from "../../fixtures.ts"

// Uncut, each of these keeps Next busy for seconds, in which nothing else is answered.
test("headers of 15,000 letters delay nobody", async ({ stranger, installation }) => {
  test.setTimeout(120_000)
  const person = await stranger()
  const names = ["User-Agent", "Accept-Language", "Referer", "Accept", "Cookie", "If-None-Match"]
  const more = ["Accept-Encoding", "Range", "Content-Type", "Next-Url", "Sec-CH-UA", "Origin"]
  for (const name of [...names, ...more]) {
    for (const fill of ["a", " ", "Google", "a=b; ", "(", '"', "en,"]) {
      const value = `x${fill.repeat(15_000 / fill.length)}x`.slice(0, 15_000)
      const asked = fetch(`${installation.url}/sign-in`, { headers: { [name]: value } })
      const began = performance.now()
      expect((await person.get("/api/live")).status()).toBe(204)
      expect(performance.now() - began, `${name}: ${fill}`).toBeLessThan(1_000)
      const answer = await asked
      expect([name, fill, answer.status < 500]).toEqual([name, fill, true])
      await answer.arrayBuffer()
    }
  }
})
