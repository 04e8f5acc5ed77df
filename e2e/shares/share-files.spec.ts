import { expect, test } from "../fixtures.ts"

test("a file is shared once, however often Share is pressed, and Undo ends the link", async ({
  browse,
  join,
}) => {
  const member = await join("Oona Once")
  await member.upload("plan.pdf", Buffer.from("the plan"), "application/pdf", "harbour")
  await member.upload("notes.pdf", Buffer.from("the notes"), "application/pdf", "harbour")
  const shares = async () => {
    const { items } = await (await member.get("/shares")).json()
    return items.map(({ url, status }: { url: string; status: string }) => ({ url, status }))
  }
  const page = await browse({ storageState: await member.context.storageState() })
  await page.goto("/files?path=harbour")
  const share = page.getByRole("button", { name: "Share plan.pdf" })
  const dialog = page.getByRole("dialog")

  const box = await share.boundingBox()
  await share.dblclick()
  await expect(dialog.getByRole("heading", { name: "Your link is ready" })).toBeVisible()
  await page.mouse.click((box?.x ?? 0) + 5, (box?.y ?? 0) + 5)
  await expect(dialog).toBeVisible()
  const first = await dialog.getByLabel("Link", { exact: true }).inputValue()
  expect(await shares()).toEqual([{ url: first, status: "open" }])
  await dialog.getByRole("button", { name: "Close" }).click()
  await expect(dialog).toHaveCount(0)

  await share.click()
  await expect(
    dialog.getByRole("heading", { name: "These files already have a link" }),
  ).toBeVisible()
  await expect(dialog.getByLabel("Link", { exact: true })).toHaveValue(first)
  await expect(dialog.getByRole("button", { name: "Undo" })).toHaveCount(0)
  expect(await shares()).toHaveLength(1)

  await dialog.getByRole("button", { name: "Create another link" }).click()
  await expect(dialog.getByRole("heading", { name: "Your link is ready" })).toBeVisible()
  await dialog.getByRole("button", { name: "Undo" }).click()
  await expect(page.getByText("Link revoked")).toBeVisible()
  await expect(dialog).toHaveCount(0)
  expect(await shares()).toEqual([
    { url: expect.any(String), status: "revoked" },
    { url: first, status: "open" },
  ])

  await page.goto("/files")
  const folder = page.getByRole("button", { name: "Share harbour" })
  for (const title of ["Your link is ready", "These files already have a link"]) {
    await folder.dblclick()
    await expect(dialog.getByRole("heading", { name: title })).toBeVisible()
    await dialog.getByRole("button", { name: "Close" }).click()
    await expect(dialog).toHaveCount(0)
  }
  expect(await shares()).toHaveLength(3)
})
