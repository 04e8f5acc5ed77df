import { future, HOUR } from "#testing/units.ts"
import { expect, test } from "../fixtures.ts"
import { click, downloadBy, open } from "../network/send-click.ts"

test("a click says that the download started and how many are left, and the page keeps the number current", async ({
  owner,
  visitor,
  stranger,
}) => {
  const share = await owner.share("survey.pdf", { maxDownloads: 3 })
  await visitor.goto(share.url)
  await expect(visitor.getByText("3 downloads left.")).toBeVisible()
  const someone = await stranger()
  await open(someone, share)
  await click(someone, share)

  await downloadBy(visitor, /^Download/)
  await expect(visitor.getByRole("status")).toHaveText(["Download started. 1 download left."])
  await expect(visitor.getByText("Your download was counted")).toBeVisible()

  await downloadBy(visitor, /^Download/)
  await expect(visitor.getByRole("status")).toHaveText([
    "Download started. It wasn’t counted again.",
  ])
  expect(await owner.readShare(share.id)).toMatchObject({ downloads: 2, views: 2 })
})

test("an open page notices that its link was revoked", async ({ owner, visitor }) => {
  const share = await owner.share("survey.pdf", { title: "Harbour survey" })
  await visitor.clock.install()
  await visitor.goto(share.url)
  await expect(visitor.getByRole("heading", { name: "Harbour survey" })).toBeVisible()

  await owner.post(`/shares/${share.id}/revoke`, {})
  await visitor.clock.runFor(40_000)

  await expect(visitor.getByRole("heading", { name: "This link was revoked" })).toBeVisible()
})

test.describe("without a network", () => {
  test.use({ allowed: [/ERR_INTERNET_DISCONNECTED/] })

  test("a link that expires while it is shown says so and offers no download", async ({
    owner,
    visitor,
  }) => {
    const expiresAt = future()
    const share = await owner.share("survey.pdf", { expiresAt })
    await visitor.clock.install()
    await visitor.goto(share.url)
    await expect(visitor.getByRole("timer")).toHaveText(/Expires in (59\sminutes|1\shour)/)

    // Without a network the page updates itself.
    await visitor.context().setOffline(true)
    await visitor.clock.fastForward(HOUR)

    await expect(visitor.getByRole("timer")).toHaveText("This link has expired")
    await expect(visitor.getByText("It expired on")).toBeVisible()
    await expect(visitor.getByRole("button", { name: /Download/ })).toHaveCount(0)
  })
})

test("a list of many files is searched by name and folder, also without JavaScript", async ({
  owner,
  visitor,
  plainVisitor,
}) => {
  const files = []
  for (let n = 0; n < 51; n++) files.push(await owner.upload(`page ${n}.txt`, Buffer.from("x")))
  files.push(await owner.upload("Résumé.pdf", Buffer.from("x")))
  const share = await owner.shareFiles(files.map(({ id }) => id))
  for (const page of [visitor, plainVisitor]) {
    await page.goto(share.url)

    await page.getByRole("searchbox", { name: "Search files" }).fill("resume")
    await page.getByRole("button", { name: "Search" }).click()

    await expect(page.getByText("1 file matching “resume”")).toBeVisible()
    await expect(page.getByRole("button", { name: /^Download ./ })).toHaveCount(
      page === visitor ? 2 : 1, // "Download all" needs JavaScript
    )
    await expect(page.getByRole("searchbox")).toHaveValue("resume")
    await page.getByRole("link", { name: "Show all" }).click()
    await expect(page.getByText("page 50.txt")).toBeVisible()
  }
  expect((await owner.readShare(share.id)).views).toBe(2)
})

test("addresses in a message are links that pass on neither referrer nor rank", async ({
  owner,
  visitor,
}) => {
  const message = "See https://example.org/minutes?page=1, not javascript:alert(1)."
  const share = await owner.share("survey.pdf", { message })
  await visitor.goto(share.url)

  const link = visitor.getByRole("main").getByRole("link", { name: "example.org" })
  await expect(link).toHaveText(["https://example.org/minutes?page=1"])
  await expect(link).toHaveAttribute("href", "https://example.org/minutes?page=1")
  await expect(link).toHaveAttribute("rel", "noreferrer nofollow ugc")
})

test("too many wrong passwords get the locked page, which says when to try again", async ({
  installation,
  owner,
  visitor,
  plainVisitor,
}) => {
  const share = await owner.share("survey.pdf", { password: "open sesame" })
  for (let guess = 0; guess < 10; guess++) {
    await visitor.request.post(`${share.url}/unlock`, { form: { password: `guess ${guess}` } })
  }
  await installation.query("UPDATE attempt SET window_end_at = now() + interval '5 minutes'")
  for (const page of [plainVisitor, visitor]) {
    await page.goto(share.url)
    await page.getByLabel("Password").fill("open sesame")
    const answer = page.waitForResponse((response) => response.request().method() === "POST")
    await page.getByRole("button", { name: "Open" }).click()
    expect((await answer).status()).toBe(429)
    expect(Number((await answer).headers()["retry-after"])).toBeGreaterThan(0)
    await expect(
      page.getByText(/Too many attempts\. Try again in .*, at \d\d:\d\d:\d\d/),
    ).toBeVisible()
  }
  await expect(visitor.getByText(/Nepal\sTime/)).toBeVisible()

  await installation.query("UPDATE attempt SET window_end_at = now()")
  await visitor.getByLabel("Password").fill("open sesame")
  await visitor.getByRole("button", { name: "Open" }).click()
  await expect(visitor.getByRole("button", { name: /^Download/ })).toBeVisible()
})
