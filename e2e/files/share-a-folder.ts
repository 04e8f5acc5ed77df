import { randomBytes } from "node:crypto"
import fs from "node:fs"
import path from "node:path"
import type { Page } from "@playwright/test"

/** Writes files of random bytes at these paths below `root`, and returns their contents by path. */
export function writeTree(root: string, paths: string[]): Map<string, Buffer> {
  const files = new Map(paths.map((name, at) => [name, randomBytes(100 + at)]))
  for (const [name, bytes] of files) {
    const file = path.join(root, name)
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(file, bytes)
  }
  return files
}

/** Chooses files or a folder with the button of this name. */
export async function choose(page: Page, button: string, files: string | string[]) {
  const chosen = page.waitForEvent("filechooser")
  await page.getByRole("button", { name: button, exact: true }).click()
  await (await chosen).setFiles(files)
}

type Listed = { id: string; path: string; sha256: string | undefined }

/** Lists the files on a visitor's page with their folders and checksums. */
export function listedFiles(page: Page): Promise<Listed[]> {
  return page
    .locator('form[action*="/d/"]')
    .filter({ has: page.getByRole("button", { name: /^Download ./, includeHidden: true }) })
    .evaluateAll((forms) =>
      forms.map((form) => {
        const names: string[] = []
        let at = form.closest("details")
        while (at) {
          // A folder that contains only one folder shares a row with it.
          const name = at.querySelector("summary > span")?.textContent ?? ""
          names.unshift(name.replaceAll(" / ", "/"))
          at = at.parentElement?.closest("details") ?? null
        }
        const row = form.closest("li")
        names.push(row?.querySelector("p")?.textContent ?? "")
        const { pathname } = new URL((form as HTMLFormElement).action)
        return {
          id: pathname.split("/").at(-1) ?? "",
          path: names.join("/"),
          sha256: row?.querySelector("code")?.textContent ?? undefined,
        }
      }),
    )
}
