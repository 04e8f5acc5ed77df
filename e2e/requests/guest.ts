import type { Page } from "@playwright/test"

/** A phone, on which guests send files. */
export const PHONE = { viewport: { width: 390, height: 780 }, hasTouch: true }

/** Chooses files on the page of a request, which begins to send them. */
export const chooseFiles = (
  page: Page,
  files: { name: string; mimeType?: string; buffer: Buffer }[],
) =>
  page
    .getByLabel("Choose files")
    .setInputFiles(files.map((file) => ({ mimeType: "image/jpeg", ...file })))
