import { expect } from "@playwright/test"
import { EICAR, FOUND, hasClamd, startClamd } from "#testing/programs/clamd.ts"
import { expectNoViolations } from "../../browser/axe.ts"
import { test as base } from "../../installation/own-installation.ts"
import { read } from "../../member-client.ts"

const test = base.extend<{ scanner: Awaited<ReturnType<typeof startClamd>> }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures here
  scanner: async ({}, use) => {
    const scanner = await startClamd()
    await use(scanner)
    await scanner.stop()
  },
  settings: async ({ scanner }, use) => use({ CLAMD_ADDRESS: `127.0.0.1:${scanner.address.port}` }),
})

test.skip(!hasClamd, "Debian's package clamav-daemon is not on this machine")

test("what a guest sent opens once it is found clean, and what is found waits for an admin", async ({
  member,
  memberPage,
  newPage,
}) => {
  test.setTimeout(180_000)
  const request = { title: "Photos, please", folder: "Inbox" }
  const { url } = await read<{ url: string }>(await member.post("/requests", request), 201)
  const guest = await newPage()
  await guest.goto(url)
  await guest.getByLabel("Choose files").setInputFiles([
    { name: "boat.txt", mimeType: "text/plain", buffer: Buffer.from("a boat") },
    { name: "trap.txt", mimeType: "text/plain", buffer: Buffer.from(EICAR) },
  ])
  await expect(guest.getByText("· Arrived")).toHaveCount(2, { timeout: 30_000 })

  await memberPage.goto("/files?path=Inbox")
  await expect(memberPage.getByText(`Held: ${FOUND}`)).toBeVisible({ timeout: 30_000 })
  await expectNoViolations(memberPage)
  const { items } = await read<{ items: { id: string; name: string; status: string }[] }>(
    await member.get("/files"),
    200,
  )
  expect(items.map(({ name, status }) => [name, status]).sort()).toEqual([
    ["boat.txt", "ready"],
    ["trap.txt", "held"],
  ])

  const share = await member.shareFiles(items.map(({ id }) => id))
  const visitor = await newPage()
  await visitor.goto(share.url)
  await expect(visitor.getByText("· Being checked")).toBeVisible()
  await expect(visitor.getByRole("button", { name: "Download boat.txt" })).toBeVisible()
  await expect(visitor.getByRole("button", { name: "Download trap.txt" })).toHaveCount(0)
  expect(await visitor.content()).not.toContain(FOUND)
  await expectNoViolations(visitor)

  await memberPage.goto("/admin/files?status=held")
  await memberPage.getByRole("link", { name: "trap.txt" }).click()
  await memberPage.getByRole("button", { name: "Release…" }).click()
  await memberPage.getByLabel("Reason").fill("It is the test file.")
  await memberPage.getByRole("button", { name: "Release", exact: true }).click()
  await expect(memberPage.getByText("File released")).toBeVisible()
  await expect(memberPage.getByRole("button", { name: "Release…" })).toHaveCount(0)

  await visitor.reload()
  const saved = visitor.waitForEvent("download")
  await visitor.getByRole("button", { name: "Download trap.txt" }).click()
  expect((await saved).suggestedFilename()).toBe("trap.txt")
  await memberPage.goto("/admin/audit")
  await expect(memberPage.getByText("released “trap.txt”")).toBeVisible()
})
