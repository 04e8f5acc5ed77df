import type { Locator, Page } from "@playwright/test"
import { aFile, chooseFiles, newestLink } from "../../files/share-a-file.ts"
import { expect, test } from "../../fixtures.ts"
import type { Installation } from "../../installation/start-installation.ts"

const ROUNDS = process.env.HEAVY ? 500 : 12
const SEED = Number(process.env.MONKEY_SEED) || Date.now() % 1_000_000

/** A dialog with a field to type into. */
type Target = {
  name: string
  open: () => Promise<unknown>
  field: Locator
  text: (round: number) => string
  /** Reads the saved value from the app. */
  saved: () => Promise<string>
  /**
   * The save button, and the value that the app has after saving; undefined: the input is always
   * discarded.
   */
  saving?: { button: Locator; after: (before: string, text: string) => string }
}

test(`typed input is restored until it is saved, and nothing is done twice, in ${ROUNDS} rounds of closing, Back, reload and double clicks`, async ({
  adminPage: page,
  admin,
  installation,
}) => {
  test.setTimeout(60_000 + ROUNDS * 8_000)
  console.log(`monkey: MONKEY_SEED=${SEED}, ${ROUNDS} rounds`)
  const random = aRandom(SEED)
  await page.goto("/shares")
  await chooseFiles(page, [aFile("monkey.pdf")])
  const link = await newestLink(page)
  const { items } = await (await admin.get("/shares?limit=1")).json()
  expect(items[0].url).toBe(link)
  const targets = dialogsOf(page, installation, items[0])
  let writes = 0
  page.on("request", (request) => {
    if (request.method() === "PATCH" || request.url().endsWith("/invites")) writes += 1
  })
  const discard = page.getByRole("button", { name: "Discard" })
  // A toast has the same role, and stays while the mouse is over it.
  const dialogs = page.locator("[role=dialog]:not([role=region] *)")

  for (let round = 0; round < ROUNDS; round++) {
    const target = random.pick(targets)
    const label = `seed ${SEED}, round ${round}, ${target.name}`
    await test.step(label, async () => {
      await target.open()
      await expect(target.field).toBeVisible()
      const before = await target.saved()
      const shown = await target.field.inputValue()
      writes = 0
      const text = target.text(round)
      await target.field.fill(text)

      const leaves = Array.from({ length: 1 + random.below(3) }, () => random.pick(LEAVES))
      for (const leave of leaves) {
        if (await leave(page)) {
          await expect(dialogs, label).toHaveCount(0)
          await target.open()
          await expect(target.field, label).toHaveValue(text)
          await expect(discard, label).toHaveCount(1)
        }
        await expect(target.field, label).toHaveValue(text)
        expect([await target.saved(), writes], `${label}: nothing is saved unasked`).toEqual([
          before,
          0,
        ])
      }

      const saving = random.below(3) > 0 ? target.saving : undefined
      if (saving) await saving.button.dblclick({ noWaitAfter: true })
      else {
        await page.keyboard.press("Escape")
        await expect(dialogs, label).toHaveCount(0)
        await target.open()
        await discard.click()
        await expect(target.field, label).toHaveValue(shown)
        await page.keyboard.press("Escape")
      }
      await expect(dialogs, label).toHaveCount(0)
      expect([await target.saved(), writes], label).toEqual(
        saving ? [saving.after(before, text), 1] : [before, 0],
      )
    })
  }
})

/**
 * Ways to leave a dialog. Each resolves with whether the dialog is closed then; the browser
 * confirms a reload.
 */
const LEAVES: ((page: Page) => Promise<boolean>)[] = [
  async (page) => {
    await page.keyboard.press("Escape")
    return true
  },
  async (page) => {
    await page
      .getByRole("dialog")
      .getByRole("button", { name: "Close", exact: true })
      .last()
      .click()
    return true
  },
  async (page) => {
    await page
      .getByRole("dialog")
      .getByRole("button", { name: "Close", exact: true })
      .last()
      .dblclick()
    return true
  },
  async (page) => {
    await page.mouse.click(4, 4)
    return true
  },
  async (page) => {
    // Before the first page there is only the browser's blank page.
    if (await page.evaluate("navigation.canGoBack")) await page.goBack()
    else await page.keyboard.press("Escape")
    return true
  },
  async (page) => {
    const question = page.waitForEvent("dialog")
    await page.evaluate(() => void setTimeout(() => location.reload()))
    const dialog = await question
    expect(dialog.type()).toBe("beforeunload")
    await dialog.dismiss()
    return false
  },
]

type Shared = { id: string; files: { id: string }[] }

function dialogsOf(page: Page, { query }: Installation, { files }: Shared): Target[] {
  const dialog = page.locator("[role=dialog]:not([role=region] *)")
  const isText = (_before: string, text: string) => text
  const read = (statement: string, of: string) => async () => {
    const [row] = await query<{ value: string }>(statement, [of])
    return row?.value ?? ""
  }
  /** The row of the dropped files stays as long as pages are opened by links. */
  const onPage = async (name: "Shares" | "Files") => {
    const heading = page.getByRole("heading", { name, exact: true, level: 1 })
    if (await heading.isVisible()) return
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name }).click()
    await expect(heading).toBeVisible()
  }
  const fromMenu = (of: "Shares" | "Files", item: string) => async () => {
    await onPage(of)
    await page
      .getByRole("button", { name: /^More actions for/ })
      .first()
      .click()
    await page.getByRole("menuitem", { name: item }).click()
  }
  /** Opens a page of the admin area. */
  const onAdmins = async (name: string) => {
    await page
      .getByRole("navigation", { name: "Main" })
      .getByRole("link", { name: "Admin" })
      .click()
    await page
      .getByRole("navigation", { name: "Admin" })
      .getByRole("link", { name, exact: true })
      .click()
    await expect(page.getByRole("heading", { name, exact: true, level: 1 })).toBeVisible()
  }
  return [
    {
      name: "rename",
      open: fromMenu("Files", "Rename"),
      field: dialog.getByLabel("Name"),
      text: (round) => `round ${round}.pdf`,
      saved: read("SELECT name AS value FROM file WHERE id = $1", files[0]?.id ?? ""),
      saving: { button: dialog.getByRole("button", { name: "Rename" }), after: isText },
    },
    {
      name: "invite",
      async open() {
        await onAdmins("Members")
        await page.getByRole("button", { name: "Invite members" }).click()
      },
      field: dialog.getByLabel("Email"),
      text: (round) => `round${round}@example.org`,
      saved: read("SELECT count(*) AS value FROM invite WHERE $1 <> ''", "any"),
    },
  ]
}

/** Mulberry32: the same sequence for the same seed. */
function aRandom(seed: number) {
  let state = seed
  const below = (count: number) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % count
  }
  return {
    below,
    pick<Item>(items: readonly Item[]): Item {
      const item = items[below(items.length)]
      if (item === undefined) throw new Error("there is nothing to pick")
      return item
    },
  }
}
