import { expect, type Page } from "@playwright/test"

export type FilePayload = { name: string; mimeType: string; buffer: Buffer } | string

export const aFile = (name: string, text = `the bytes of ${name}`): FilePayload => ({
  name,
  mimeType: "application/pdf",
  buffer: Buffer.from(text),
})

export const CHOOSE_FILES = /^Choose files$/

/** Chooses files on the shares page, and waits until they are stored. Returns their link. */
export async function shareByHand(page: Page, files: FilePayload[]): Promise<string> {
  await page.goto("/shares")
  await uploadByHand(page, files)
  return newestLink(page)
}

/** Chooses files with the page's button, and waits until they are stored. */
export async function uploadByHand(page: Page, files: FilePayload[]) {
  await chooseFiles(page, files)
  const uploads = page.getByRole("region", { name: "Uploads", exact: true })
  await expect(uploads.getByText(/^(Uploaded|Already there)$/)).toHaveCount(files.length, {
    timeout: 30_000,
  })
}

/** Chooses files with the page's button. */
export async function chooseFiles(page: Page, files: FilePayload[]) {
  const chosen = page.waitForEvent("filechooser")
  await page.getByRole("button", { name: CHOOSE_FILES }).click()
  const chooser = await chosen
  if (files.every((file) => typeof file === "string")) await chooser.setFiles(files)
  else await chooser.setFiles(files.filter((file) => typeof file !== "string"))
}

/** The link of the latest drop, as soon as it exists. */
export const newestLink = (page: Page): Promise<string> => linkField(page).inputValue()

export const linkField = (page: Page) =>
  page
    .getByRole("region", { name: "Uploads", exact: true })
    .getByLabel("Link", { exact: true })
    .first()

/** Removes a stored drop from the list. */
export async function closeDrop(page: Page) {
  const uploads = page.getByRole("region", { name: "Uploads", exact: true })
  await uploads.getByRole("button", { name: "Done", exact: true }).first().click()
  await expect(uploads).toHaveCount(0)
}
