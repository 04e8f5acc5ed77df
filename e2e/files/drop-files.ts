import type { Page } from "@playwright/test"

type Dropped = { name: string; text: string }

/** Drops files on the page like a person, all at once. */
export async function dropFiles(page: Page, files: Dropped[]) {
  await page.getByRole("navigation", { name: "Main" }).waitFor()
  await page.evaluate((dropped) => {
    const transfer = new DataTransfer()
    for (const { name, text } of dropped) transfer.items.add(new File([text], name))
    for (const type of ["dragover", "drop"]) {
      document.body.dispatchEvent(
        new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }),
      )
    }
  }, files)
}

/** Resolves once the page's scripts handle drops. */
export const untilReady = (page: Page) =>
  page.waitForFunction(() => {
    const dataTransfer = new DataTransfer()
    dataTransfer.items.add(new File([""], "a file that hovers"))
    const over = new DragEvent("dragover", { dataTransfer, bubbles: true, cancelable: true })
    document.body.dispatchEvent(over)
    return over.defaultPrevented
  })
