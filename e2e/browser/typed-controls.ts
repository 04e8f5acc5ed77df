import type { Locator, Page } from "@playwright/test"
import { inDays } from "#testing/units.ts"
import { png } from "../files/make-files.ts"

/** The value of a `datetime-local` input, days from now. */
export const localTimeIn = (days: number) => inDays(days).toISOString().slice(0, 16)

const TEXTS: Record<string, string> = {
  email: "kept@localhost",
  url: "ftp://kept.example/",
  number: "7",
  color: "#123456",
  date: "2026-01-02",
}

/**
 * Fills in every control of a form or dialog but a search: ticks boxes, chooses the last of several,
 * and types.
 */
export async function fillAll(form: Locator) {
  const controls = form.locator(
    "input:not([type=hidden], [type=search], [hidden], [readonly], :disabled), textarea, select",
  )
  // A ticked box may add further controls, so they are counted each time.
  for (let at = 0; at < (await controls.count()); at++) await fill(controls.nth(at))
}

async function fill(control: Locator) {
  const { tag, type } = await control.evaluate((element) => ({
    tag: element.localName,
    type: element.getAttribute("type") ?? "",
  }))
  if (tag === "select") {
    const last = (await control.locator("option").count()) - 1
    return control.selectOption({ index: last })
  }
  if (type === "checkbox" || type === "radio") return control.check()
  if (type === "file") {
    return control.setInputFiles({ name: "l.png", mimeType: "image/png", buffer: png(8, 8) })
  }
  await control.fill(type === "datetime-local" ? localTimeIn(2) : (TEXTS[type] ?? "kept as typed"))
}

/** The values of all controls of a form or dialog. */
export const controlsOf = (form: Locator): Promise<[name: string, value: string | boolean][]> =>
  form.evaluate((root) =>
    Array.from(
      root.querySelectorAll<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>(
        "input, textarea, select",
      ),
      (control) => {
        const name = control.name || (control.labels?.[0]?.textContent ?? "")
        if (!(control instanceof HTMLInputElement)) return [name, control.value]
        if (control.type === "checkbox" || control.type === "radio") return [name, control.checked]
        return [name, control.files?.[0]?.name ?? control.value]
      },
    ),
  )

/** The bar that saves the settings of a page. */
export const saveBarOf = (page: Page) => page.locator("section[aria-label='Unsaved changes']")

/** The button that sends a form, saves by a bar, or confirms a dialog. */
export const submitOf = (form: Locator) => form.locator("button").last()
