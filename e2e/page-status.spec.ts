import { expect, test } from "./fixtures.ts"

const HOUR = 3_600_000

for (const javaScriptEnabled of [true, false]) {
  test(`every page answers with its right status and says why ${javaScriptEnabled ? "" : "(without JavaScript)"}`, async ({
    owner,
    browse,
    installation,
  }) => {
    const visitor = await browse({ javaScriptEnabled })
    const [open, locked, scheduled, expired, revoked, usedUp] = [
      await owner.share("open.pdf"),
      await owner.share("locked.pdf", { password: "open sesame" }),
      await owner.share("later.pdf", {
        title: "Later",
        startsAt: new Date(Date.now() + HOUR).toISOString(),
      }),
      await owner.share("late.pdf"),
      await owner.share("ended.pdf"),
      await owner.share("gone.pdf", { maxDownloads: 1 }),
    ]
    await installation.query("UPDATE share SET expires_at = now() WHERE id = $1", [expired.id])
    await owner.post(`/shares/${revoked.id}/revoke`, {})
    await visitor.request.post(`${usedUp.url}/claim`, { data: {} })
    await visitor.context().clearCookies()

    const last = open.url.at(-1) === "A" ? "B" : "A"
    const expected: [string, number, RegExp][] = [
      [open.url, 200, /open\.pdf/],
      [locked.url, 200, /shared files with you/],
      [scheduled.url, 200, /Later/],
      [expired.url, 410, /This link has lapsed/],
      [revoked.url, 410, /This link was ended/],
      [usedUp.url, 410, /All downloads are used up/],
      [open.url.slice(0, -1) + last, 404, /There is no such link/],
      [`${installation.url}/s/short`, 404, /There is no such link/],
      ["/nowhere/at/all", 404, /There is nothing here/],
      ["/sign-in", 200, /Sign in/],
      ["/invite/not-an-invitation", 410, /This invitation does not open/],
    ]
    for (const [url, status, heading] of expected) {
      const answer = await visitor.goto(url)
      expect(answer?.status(), url).toBe(status)
      await expect(visitor.getByRole("heading", { level: 1 }), url).toHaveText(heading)
      expect((await visitor.request.head(url)).status(), `HEAD ${url}`).toBe(status)
    }
  })
}
