import { expect, type Page } from "@playwright/test"

export type FilePayload = { name: string; mimeType: string; buffer: Buffer } | string

export const aFile = (name: string, text = `the bytes of ${name}`): FilePayload => ({
  name,
  mimeType: "application/pdf",
  buffer: Buffer.from(text),
})

/** Uploads files on the shares page and creates their link, as a member does. Returns the link. */
export async function shareByHand(page: Page, files: FilePayload[]): Promise<string> {
  await page.goto("/shares")
  await uploadByHand(page, files)
  await page.getByRole("button", { name: /^Create link/ }).click()
  const dialog = page.getByRole("dialog", { name: "Your link is ready" })
  return dialog.getByLabel("Link", { exact: true }).inputValue()
}

export async function uploadByHand(page: Page, files: FilePayload[]) {
  const chosen = page.waitForEvent("filechooser")
  await page.getByRole("button", { name: "Choose files" }).click()
  const chooser = await chosen
  if (files.every((file) => typeof file === "string")) await chooser.setFiles(files)
  else await chooser.setFiles(files.filter((file) => typeof file !== "string"))
  const uploads = page.getByRole("region", { name: "Uploads" })
  await expect(uploads.getByText("Stored", { exact: true })).toHaveCount(files.length, {
    timeout: 30_000,
  })
}

/** Closes the dialog that shows a new link. */
export async function closeLinkDialog(page: Page) {
  await page.getByRole("dialog").getByRole("button", { name: "Done", exact: true }).click()
  await expect(page.getByRole("dialog")).toHaveCount(0)
}
