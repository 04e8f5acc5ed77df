import { readdirSync } from "node:fs"
import path from "node:path"
import type { Page } from "@playwright/test"
import { expectNoViolations } from "../browser/axe.ts"
import { dropFiles, untilReady } from "../files/drop-files.ts"
import { newestLink } from "../files/share-a-file.ts"
import { expect, test } from "../fixtures.ts"
import { read } from "../member-client.ts"

test.use({ allowed: [/status of 404/] })

/** Adds a member to the team that the page shows. */
async function addTo(page: Page, email: string) {
  await page.getByLabel("Email of a member").fill(email)
  await page.getByRole("button", { name: "Add", exact: true }).click()
}

test("a team has its files, shares and service accounts, which outlast the member who made them", async ({
  admin,
  adminPage,
  owner,
  ownerPage: page,
  join,
  browse,
  visitor,
  stranger,
}) => {
  const [pia, sam] = [await join("Pia Phone"), await join("Sam Stranger")]
  const slug = `accounting-${Date.now()}`

  await adminPage.goto("/admin/teams")
  await adminPage.getByRole("button", { name: "New team" }).click()
  await adminPage.getByLabel("Name", { exact: true }).fill("Accounting")
  await adminPage.getByLabel("Name in addresses").fill(slug)
  await adminPage.getByRole("button", { name: "Create team" }).click()
  await addTo(adminPage, owner.email)
  await expect(adminPage.getByText(owner.email)).toBeVisible()
  await addTo(adminPage, pia.email)
  await expect(adminPage.getByText(pia.email)).toBeVisible()
  await adminPage.getByRole("button", { name: "Make Nora North a manager" }).click()

  // Nora changes to the team, and what she drops there is the team's.
  await page.goto("/shares")
  await page.getByRole("button", { name: /Switch/ }).click()
  await page.getByRole("menuitem", { name: "Accounting" }).click()
  await page.waitForURL(`**/t/${slug}/shares`)
  await untilReady(page)
  await dropFiles(page, [{ name: "invoice.txt", text: "42 €" }])
  const link = await newestLink(page)
  await expect(page.getByText("Uploaded", { exact: true })).toBeVisible()
  await visitor.goto(link)
  await expect(visitor.getByText("invoice.txt").first()).toBeVisible()
  await page.goto("/shares")
  await expect(page.getByRole("list", { name: "Shares" })).toHaveCount(0)

  // The question about an upload of the team comes up on the team's pages alone.
  await page.goto(`/t/${slug}/files`)
  await untilReady(page)
  let release = () => {}
  const gate = new Promise<void>((resolve) => {
    release = resolve
  })
  const starts = /\/api\/v1\/files(\/batch)?$/
  await page.route(starts, async (route) => {
    await gate
    await route.continue()
  })
  await dropFiles(page, [{ name: "invoice.txt", text: "43 €" }])
  await page.getByRole("button", { name: /Switch/ }).click()
  await page.getByRole("menuitem", { name: "Nora North" }).click()
  await page.waitForURL("**/files")
  const answered = page.waitForResponse(starts)
  release()
  await answered
  const question = page.getByRole("alertdialog", { name: "A different file with this name" })
  const pill = page.getByRole("link", { name: /^Accounting: / })
  await expect(pill).toBeVisible()
  await expect(question).toHaveCount(0)
  await pill.click()
  await expect(question).toBeVisible()
  await question.getByRole("button", { name: "Skip" }).click()
  await expect(question).toHaveCount(0)

  // What she has alone goes to the team, with the link that has the same file.
  const mine = await owner.share("contract.pdf", { title: "Contract" })
  await owner.shareFiles(
    mine.files.map(({ id }) => id),
    { title: "Contract again" },
  )
  await page.goto("/shares")
  await page.getByRole("button", { name: "More actions for Contract", exact: true }).click()
  await page.getByRole("menuitem", { name: "Change owner…" }).click()
  const asking = page.getByRole("alertdialog")
  await expect(asking.getByLabel("New owner")).toHaveValue(slug)
  await expect(asking).toContainText("2 shares, 1 file")
  await expect(asking.getByRole("listitem")).toHaveText("Contract again")
  await expectNoViolations(page, "the dialog of a new owner", "[role=alertdialog]")
  await asking.getByRole("button", { name: "Change owner" }).click()
  await expect(page.getByText("They belong to Accounting now.")).toBeVisible()
  await expect(page.getByRole("link", { name: "Contract" })).toHaveCount(0)
  await page.goto(`/t/${slug}/shares`)
  await expect(page.getByRole("link", { name: "Contract" })).toHaveCount(2)
  await visitor.goto(mine.url)
  await expect(visitor.getByText("contract.pdf").first()).toBeVisible()

  const piaPage = await browse({ storageState: await pia.context.storageState() })
  await piaPage.goto(`/t/${slug}/shares`)
  await piaPage.getByRole("link", { name: "invoice.txt" }).click()
  await expect(piaPage.getByRole("heading", { name: "invoice.txt" })).toBeVisible()
  await piaPage.goto(`/t/${slug}/files`)
  await expect(piaPage.getByRole("link", { name: "invoice.txt" }).first()).toBeVisible()
  await piaPage.getByRole("button", { name: "Show as a grid" }).click()
  await expect(piaPage.getByRole("button", { name: "Show as a list" })).toBeVisible()
  await piaPage.reload()
  await expect(piaPage.getByRole("button", { name: "Show as a list" })).toBeVisible()

  // Every page of the team is there for its people alone, with the ids that are theirs.
  const asked = await owner.context.post("/api/v1/requests", {
    data: { title: "Receipts", folder: "Receipts" },
    headers: { "lapse-team": slug },
  })
  const { id: requestId } = await read<{ id: string }>(asked, 201)
  const folder = path.join(import.meta.dirname, "../../app/(member)/t/[team]")
  const pages = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith("page.tsx"))
    .map((file) => path.dirname(file))
    .map((at) => at.replace("[id]", at.startsWith("shares") ? mine.id : requestId))
  expect(pages.length).toBeGreaterThan(5)
  const statusesFor = async ({ context }: typeof owner) => {
    const answers = pages.map((at) => context.get(`/t/${slug}/${at}`, { maxRedirects: 0 }))
    return [...new Set((await Promise.all(answers)).map((answer) => answer.status()))]
  }
  expect(await statusesFor(owner)).toEqual([200])
  expect(await statusesFor(pia)).toEqual([200])
  expect(await statusesFor(sam)).toEqual([404])
  const { id: samId } = await (await sam.get("/me")).json()
  await admin.patch(`/admin/users/${samId}`, { role: "auditor" })
  expect(await statusesFor(sam)).toEqual([404])

  await page.goto(`/t/${slug}/settings`)
  await page.getByRole("button", { name: "Create token" }).click()
  const dialog = page.getByRole("dialog")
  await dialog.getByLabel("Name", { exact: true }).fill("Scanner")
  await dialog.getByLabel("Service account").check()
  await dialog.getByLabel(/^See shares/).check()
  await dialog.getByRole("button", { name: "Create token" }).click()
  const token = await dialog.getByLabel("API token").inputValue()
  await dialog.getByRole("button", { name: "Done" }).click()

  await page.getByRole("button", { name: "Remove Pia Phone" }).click()
  await page.getByRole("alertdialog").getByRole("button", { name: "Remove" }).click()
  await expect(page.getByRole("alertdialog")).toHaveCount(0) // which hides the page's buttons
  await expect(page.getByRole("button", { name: "Remove Pia Phone" })).toHaveCount(0)
  expect((await piaPage.goto(`/t/${slug}/shares`))?.status()).toBe(404)
  await expect(piaPage.getByRole("heading", { name: "Page not found" })).toBeVisible()
  await piaPage.goto("/shares")
  await expect(piaPage.getByRole("button", { name: /Switch/ })).toHaveCount(0)

  await adminPage.goto("/admin/audit")
  await expect(
    adminPage.getByText(/added Nora North <.*> as a manager of the team “Accounting”/).first(),
  ).toBeVisible()
  await expect(adminPage.getByText(/Nora North for Accounting/).first()).toBeVisible()

  const program = await stranger()
  const shares = await program.get("/api/v1/shares", {
    headers: { authorization: `Bearer ${token}` },
  })
  const { items } = await shares.json()
  expect(items).toContainEqual(expect.objectContaining({ name: "invoice.txt", url: link }))
})
