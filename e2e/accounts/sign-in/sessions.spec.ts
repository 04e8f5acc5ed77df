import { expect, test } from "../../fixtures.ts"
import { isSignedIn, signInClient } from "../../member-client.ts"

// An open page still polls its unfinished uploads and counters when its session ends.
test.use({ allowed: [/status of 401 .*(status=(uploading|abandoned)|\/shares\/live|\/me\b)/] })

test("signing out ends the session also for a copy of its cookie", async ({ owner, browse }) => {
  const page = await browse({ storageState: await owner.context.storageState() })
  await page.goto("/sign-in")
  const copied = await signInClient(new URL(page.url()).origin, owner)
  const thief = await browse({ storageState: await copied.context.storageState() })
  const browser = await browse({ storageState: await copied.context.storageState() })
  await thief.goto("/shares")
  await expect(thief).toHaveURL(/\/shares$/)

  await browser.goto("/shares")
  await browser.getByRole("button", { name: "Sign out" }).first().click()
  await expect(browser).toHaveURL(/\/sign-in/)

  await thief.goto("/shares")
  await expect(thief).toHaveURL(/\/sign-in/)
  expect(await isSignedIn(copied.context)).toBe(false)
  expect(await isSignedIn(owner.context)).toBe(true)
})

test("a member sees the last ten browsers that are signed in, expands the others, and ends one or all but this one", async ({
  installation,
  join,
  browse,
}) => {
  const here = await join("Sam Sessions")
  const phone = await signInClient(installation.url, here)
  await installation.query(
    `INSERT INTO session (id, member_id, agent, last_used_at, expires_at)
     SELECT gen_random_uuid(), id, 'Safari on iPhone', now() - make_interval(hours => n), now() + interval '5 days'
     FROM member, generate_series(1, 99) AS n WHERE email = $1`,
    [here.email],
  )
  const page = await browse({
    viewport: { width: 390, height: 844 },
    storageState: await here.context.storageState(),
  })
  await page.goto("/settings")
  await expect(page.getByRole("heading", { name: "Active sessions" })).toBeVisible()
  const rows = page.getByRole("listitem").filter({ hasText: "signed in on" })
  await expect(rows).toHaveCount(10)
  await expect(rows.first()).toContainText("This browser")
  await expect(rows.first()).toContainText("Active now,")

  await page.getByText(/^9[0-9] more browsers, last active \d+ hours ago or earlier$/).click()
  const all = await rows.count()
  expect(all).toBeGreaterThanOrEqual(100)
  await rows.last().getByRole("button", { name: "Sign out Safari on iPhone" }).click()
  await expect(rows).toHaveCount(all - 1)
  expect(await isSignedIn(phone.context)).toBe(true)
  await page.getByRole("button", { name: "Sign out everywhere else" }).click()
  await expect(rows).toHaveCount(1)
  expect(await isSignedIn(phone.context)).toBe(false)
  expect(await isSignedIn(here.context)).toBe(true)
  const { items } = await (await here.get("/sessions")).json()
  expect(items).toMatchObject([{ current: true }])
})
