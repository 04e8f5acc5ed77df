import type { Page } from "@playwright/test"
import { inDays } from "#testing/units.ts"
import { expect, test } from "../fixtures.ts"
import type { MemberClient } from "../member-client.ts"
import { keepUrl, statusOf } from "../network/kept-url.ts"

// The browser logs a request without a connection, and a number that changed.
test.use({ allowed: [/ERR_INTERNET_DISCONNECTED|status of 409/] })

/**
 * Creates three shares of two files, one of them also in a share of another member, and a minted
 * URL.
 */
async function aLeak(member: MemberClient) {
  const plan = await member.upload("plan.pdf", Buffer.from("the plan"))
  const note = await member.upload("note.txt", Buffer.from("the note"))
  const shares = [
    await member.shareFiles([plan.id, note.id], { title: "First" }),
    await member.shareFiles([plan.id], { title: "Second" }),
    await member.shareFiles([note.id], { title: "Third" }),
  ] as const
  return { plan, note, shares }
}

async function choose(page: Page, name: string) {
  await page.goto("/admin/panic")
  await page.getByRole("link", { name: "From one member" }).click()
  await page.getByRole("searchbox", { name: "Search by name or email" }).fill(name)
  await page.getByRole("link", { name }).click()
  await page.waitForURL(/ownerId=/)
}

test("an admin revokes all shares of a member: a dry run, a typed count, progress and result", async ({
  adminPage: page,
  join,
  stranger,
  browse,
  admin,
}) => {
  const member = await join("Bo Breach")
  const { shares } = await aLeak(member)
  const kept = await keepUrl(await stranger(), shares[1])

  await choose(page, "Bo Breach")
  const dryRun = page.getByRole("region", { name: "What will happen" })
  await expect(dryRun).toContainText(/3.shares of Bo Breach, with 2.files/)
  await expect(dryRun).toContainText("Download links to 1 file were issued recently")
  await expect(page.getByText(/Downloads already in progress can’t be stopped/)).toBeVisible()

  await page.getByLabel("Reason").fill("The laptop was stolen")
  await page.getByLabel("Enter 3 to confirm").fill("4")
  await page.getByRole("button", { name: "Revoke 3 shares and block active links" }).click()
  await expect(page.getByText("The number doesn’t match: it is 3.")).toBeVisible()
  await expect(page.getByLabel("Reason")).toHaveValue("The laptop was stolen")
  expect(await statusOf(kept)).toBe(200)

  await page.getByLabel("Enter 3 to confirm").fill("3")
  await page.getByRole("button", { name: "Revoke 3 shares and block active links" }).click()
  await expect(page).toHaveURL(/\/admin\/panic\/[0-9a-f-]{36}$/)
  await expect(page.getByRole("heading", { name: "Block active links of 3 shares" })).toBeVisible()
  await expect(
    page.getByText(
      /Existing download links stopped working in [\d.,]+ m?s\. We checked: they worked before and are blocked now\./,
    ),
  ).toBeVisible()
  await expect(page.getByText("Reason: The laptop was stolen")).toBeVisible()
  expect(await statusOf(kept)).toBe(403)
  for (const { id } of shares) {
    expect(await member.readShare(id)).toMatchObject({ status: "revoked" })
  }

  const other = await browse({ storageState: await admin.context.storageState() })
  await other.goto(page.url())
  await expect(other.getByText(/Existing download links stopped working in/)).toBeVisible()
})

test("an admin revokes every share with one file, and sees which other shares stay open; then those of a time range", async ({
  adminPage: page,
  admin,
  join,
  installation,
  stranger,
}) => {
  const member = await join("Di File")
  const { plan, shares } = await aLeak(member)
  await page.goto("/admin/shares?q=Second")
  await page.getByRole("button", { name: "More actions for Second" }).first().click()
  await page.getByRole("menuitem", { name: "Other shares of its files…" }).click()
  await page.getByRole("link", { name: /plan\.pdf/ }).click()
  const dryRun = page.getByRole("region", { name: "What will happen" })
  await expect(dryRun).toContainText(/2.shares with “plan\.pdf”, 2.files in total/)
  await expect(dryRun).toContainText("1 file is also in other shares, which stay open.")
  expect(new URL(page.url()).searchParams.get("fileId")).toBe(plan.id)

  await page.getByLabel("Enter 2 to confirm").fill("2")
  await page.getByRole("button", { name: "Revoke 2 shares and block active links" }).click()
  await expect(page.getByText("There were no active download links to block.")).toBeVisible()
  expect(await member.readShare(shares[2].id)).toMatchObject({ status: "open" })
  expect((await admin.get(`/admin/shares/${shares[0].id}`)).ok()).toBe(true)

  const other = await join("Ed Hour")
  const { shares: ofAnHour } = await aLeak(other)
  await installation.query(
    "UPDATE share SET created_at = '2024-02-29 12:00Z' WHERE owner_id = (SELECT owner_id FROM share WHERE id = $1)",
    [ofAnHour[0].id],
  )
  const kept = await keepUrl(await stranger(), ofAnHour[0])

  // 12:00 in UTC is 17:45 in Kathmandu.
  await page.goto("/admin/panic")
  await page.getByRole("link", { name: "Created in a time range" }).click()
  await page.getByLabel("From, Nepal Time").fill("2024-02-29T18:45")
  await page.getByLabel("To, Nepal Time").fill("2024-02-29T18:15")
  await page.getByRole("button", { name: "Review" }).click()
  await expect(page.getByText("The end must be after the start.")).toBeVisible()
  await expect(page.getByLabel("From, Nepal Time")).toHaveValue("2024-02-29T18:45")
  await page.getByLabel("From, Nepal Time").fill("2024-02-29T17:15")
  await page.getByRole("button", { name: "Review" }).click()
  await expect(page.getByText(/3.shares created in this time range, with 2.files/)).toBeVisible()

  await page.getByLabel("Reason").fill("A bad hour")
  await page.getByLabel("Enter 3 to confirm").fill("3")
  await page.getByRole("button", { name: "Revoke 3 shares and block active links" }).click()
  await expect(page).toHaveURL(/\/admin\/panic\/[0-9a-f-]{36}$/)
  await expect(page.getByText(/Existing download links stopped working in/)).toBeVisible()
  expect(await statusOf(kept)).toBe(403)
})

test("the panic form loses no typed input when its number changes meanwhile, or without a connection, which it says beside its button", async ({
  adminPage: page,
  join,
  installation,
  admin,
}) => {
  const changing = await join("Cy Changing")
  await aLeak(changing)
  await choose(page, "Cy Changing")
  await page.getByRole("radio", { name: "Revoke only" }).check()
  await page.getByLabel("Reason").fill("In a hurry")
  await page.getByLabel("Enter 3 to confirm").fill("3")
  await changing.share("late.pdf")
  await page.getByRole("button", { name: "Revoke 3 shares" }).click()

  await expect(page.getByText("The number of shares has changed to 4.")).toBeVisible()
  await expect(page.getByText(/4.shares of Cy Changing/)).toBeVisible()
  await expect(page.getByLabel("Reason")).toHaveValue("In a hurry")
  await expect(page.getByRole("radio", { name: "Revoke only" })).toBeChecked()
  await page.getByLabel("Enter 4 to confirm").fill("4")
  await page.getByRole("button", { name: "Revoke 4 shares" }).click()
  const end = page.getByText(/4 shares revoked at \d\d:\d\d:\d\d\./)
  await expect(end).toBeVisible()
  await expect(page.getByText("Download links already issued no longer work.")).toBeVisible()
  await expect(page).toHaveURL(/acts=/)
  const said = await end.textContent()
  await page.reload()
  await expect(end).toHaveText(said ?? "")

  const member = await join("Fy Offline")
  const share = await member.share("plan.pdf")
  await member.share("later.pdf", { startsAt: inDays(1), expiresAt: inDays(2) })
  await choose(page, "Fy Offline")
  const dryRun = page.getByRole("region", { name: "What will happen" })
  await expect(dryRun).toContainText("2 open or scheduled links of Fy Offline stop working")
  await expect(dryRun).toContainText("1 open share, 1 scheduled share")
  await page.getByLabel("Reason").fill("On a train")
  await page.getByLabel("Enter 2 to confirm").fill("2")
  await page.context().setOffline(true)
  await page.getByRole("button", { name: "Revoke 2 shares and block active links" }).click()
  await expect(
    page.getByRole("alert").filter({ hasText: "The server didn’t respond." }),
  ).toBeVisible()
  await expect(page.getByLabel("Reason")).toHaveValue("On a train")
  await expect(page.getByLabel("Enter 2 to confirm")).toHaveValue("2")
  expect(await member.readShare(share.id)).toMatchObject({ status: "open" })
  await page.context().setOffline(false)

  const { id } = await (
    await admin.post("/admin/shares/revoke", { ids: [share.id], cutOff: true })
  ).json()
  await installation.query(
    "UPDATE cut_off SET done_at = NULL, leased_until = now() + interval '1 hour' WHERE id = $1",
    [id],
  )
  await page.goto(`/admin/panic/${id}`)
  await expect(page.getByText("Blocking active links…")).toBeVisible()
  await page.context().setOffline(true)
  await expect(page.getByText(/The server isn’t responding/)).toBeVisible()
  await installation.query("UPDATE cut_off SET done_at = now() WHERE id = $1", [id])
  await page.context().setOffline(false)
  await expect(page.getByText(/Existing download links|no active download links/)).toBeVisible()
  await expect(page.getByText(/The server isn’t responding/)).toHaveCount(0)
})

test("revoking all of a member's many shares leads to the page of the revocation", async ({
  adminPage: page,
  join,
  installation,
}) => {
  const member = await join("Max Many")
  const { shares } = await aLeak(member)
  const [row] = await installation.query<{ owner: string }>(
    `WITH made AS (
       INSERT INTO share (id, owner_id, max_ttl_seconds)
       SELECT gen_random_uuid(), owner_id, 60 FROM share, generate_series(1, 1197) WHERE id = $1
     )
     SELECT owner_id AS owner FROM share WHERE id = $1`,
    [shares[0].id],
  )

  await page.goto(`/admin/members/${row?.owner}`)
  await page.getByRole("button", { name: "Revoke all" }).click()
  await page
    .getByRole("alertdialog")
    .getByRole("button", { name: /revoke/i })
    .click()

  await expect(page).toHaveURL(/\/admin\/panic\/[0-9a-f-]{36}$/)
  await expect(
    page.getByText("1200 shares revoked.").or(page.getByText("1,200 shares revoked.")),
  ).toBeVisible()
})

test("a revocation whose process died shows its progress, continues, and shows that it is done", async ({
  adminPage: page,
  admin,
  join,
  installation,
}) => {
  const member = await join("Flo Interrupted")
  const { shares } = await aLeak(member)
  const [row] = await installation.query<{ id: string }>(
    `INSERT INTO bulk_change (id, kind, requested_by_id, input, made_until, total, written,
       written_to, act_ids, progressed_at)
     SELECT gen_random_uuid(), 'revokeShares', (SELECT id FROM member WHERE role = 'admin' LIMIT 1),
       jsonb_build_object('ownerId', owner_id, 'reason', 'The laptop was stolen'), now(), 3, 0,
       '00000000-0000-0000-0000-000000000000', '{}', now() - interval '1 minute'
     FROM share WHERE id = $1 RETURNING id`,
    [shares[0].id],
  )
  const id = row?.id ?? ""
  const said = page.getByText("Interrupted: 0 of 3 shares revoked.")
  for (const list of ["shares", "members", "panic"]) {
    await page.goto(`/admin/${list}`)
    await expect(said).toBeVisible()
  }
  await page.getByRole("link", { name: "View progress" }).click()
  await expect(page.getByRole("heading", { name: "Revoke 3 shares" })).toBeVisible()
  await expect(said).toBeVisible()
  await expect(page.getByText("Reason: The laptop was stolen")).toBeVisible()
  const open = await (await admin.get("/admin/revocations")).json()
  expect(open.items).toMatchObject([{ id, interrupted: true, shares: 3, sharesDone: 0 }])

  await installation.query(
    "SELECT graphile_worker.add_job('revokeShares', json_build_object('id', $1::text))",
    [id],
  )

  await expect(page.getByText("3 shares revoked.")).toBeVisible()
  await expect(page.getByText("Download links already issued no longer work.")).toBeVisible()
  for (const share of shares) {
    expect(await member.readShare(share.id)).toMatchObject({ status: "revoked" })
  }
  const left = await (await admin.get("/admin/revocations")).json()
  expect(left.items).toEqual([])
})
