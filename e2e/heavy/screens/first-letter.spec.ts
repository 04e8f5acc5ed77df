import { aFile, shareByHand } from "../../files/share-a-file.ts"
import { expect, test } from "../../fixtures.ts"

/** A page that loses a letter does so in one of seven rounds. */
const ROUNDS = 30

test("the first letter typed in a dialog stays while the page refreshes itself", async ({
  ownerPage: page,
}) => {
  test.slow()
  await shareByHand(page, [aFile("letters.pdf")])
  const slow = await page.context().newCDPSession(page)
  await slow.send("Emulation.setCPUThrottlingRate", { rate: 4 })
  const dialog = page.getByRole("dialog", { name: "Password" })
  for (let round = 1; round <= ROUNDS; round++) {
    // Saving the title refreshes the page.
    await page.getByLabel("Title", { exact: true }).fill(`Round ${round}`)
    await page.getByRole("button", { name: "No password", exact: true }).click()
    await dialog.getByLabel("Password").fill("open sesame")
    await expect(dialog.getByLabel("Password")).toHaveValue("open sesame")
    await page.keyboard.press("Escape")
    await expect(dialog).toBeHidden()
  }
})
