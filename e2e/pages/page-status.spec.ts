import { future } from "#testing/units.ts"
import { expect, test } from "../fixtures.ts"

// `npm run test:heavy` runs each with JavaScript too; otherwise accessible.spec.ts opens most of
// these pages with it.
for (const javaScriptEnabled of process.env.HEAVY ? [true, false] : [false]) {
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
        startsAt: future(),
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
      [locked.url, 200, /sent you files/],
      [scheduled.url, 200, /Later/],
      [expired.url, 410, /This link has expired/],
      [revoked.url, 410, /This link was revoked/],
      [usedUp.url, 410, /No downloads left/],
      [open.url.slice(0, -1) + last, 404, /Link not found/],
      [`${installation.url}/s/short`, 404, /Link not found/],
      ["/nowhere/at/all", 404, /Page not found/],
      ["/sign-in", 200, /Sign in/],
      ["/invite/not-an-invitation", 410, /This invitation is no longer valid/],
    ]
    for (const [url, status, heading] of expected) {
      const answer = await visitor.goto(url)
      expect(answer?.status(), url).toBe(status)
      await expect(visitor.getByRole("heading", { level: 1 }), url).toHaveText(heading)
      expect((await visitor.request.head(url)).status(), `HEAD ${url}`).toBe(status)
    }
  })
}

for (const javaScriptEnabled of process.env.HEAVY ? [true, false] : [false]) {
  test(`a missing or forbidden resource has a complete page that says so ${javaScriptEnabled ? "" : "(without JavaScript)"}`, async ({
    admin,
    owner,
    browse,
  }) => {
    const [theirs, mine] = [await admin.share("secret.pdf"), await owner.share("mine.pdf")]
    const signedIn = async ({ context }: typeof owner) =>
      browse({ javaScriptEnabled, storageState: await context.storageState() })
    const memberPage = await signedIn(owner)
    const adminPage = await signedIn(admin)

    const missing = [
      `/shares/${theirs.id}`,
      "/shares/01a20e37-1124-7000-b66b-5d65dec0defa",
      "/shares/not-an-id",
      `/shares/${mine.id}/further`,
      `/shares/${mine.id}?cursor=broken`,
      `/shares/${mine.id}?before=broken`,
      "/shares?cursor=broken",
      "/files?cursor=broken",
      "/admin",
      "/admin/shares",
      "/admin/members",
      "/admin/audit",
      "/admin/panic?what=all",
      "/admin/panic/0190a2b4-0000-7000-8000-000000000001",
      "/admin/nothing",
      "/nothing-here",
    ]
    const asked = [
      ...missing.map((path) => ({ page: memberPage, path })),
      ...["shares", "members", "files", "audit"].map((list) => ({
        page: adminPage,
        path: `/admin/${list}?cursor=broken`,
      })),
      { page: adminPage, path: `/shares/${mine.id}` },
    ]
    for (const { page, path } of asked) {
      const answer = await page.goto(path)
      expect(answer?.status(), path).toBe(404)
      const heading = page.getByRole("heading", { level: 1 })
      await expect(heading, path).toHaveText("Page not found")
      await expect(heading, path).toBeVisible()
      await expect(page.getByRole("link", { name: "Go to home page" }), path).toBeVisible()
      expect((await page.request.head(path)).status(), `HEAD ${path}`).toBe(404)
    }

    await memberPage.goto("/admin/members")
    await expect(memberPage).toHaveTitle("Page not found · Lapse")
    await expect(memberPage.getByRole("navigation", { name: "Admin" })).toHaveCount(0)
  })
}
