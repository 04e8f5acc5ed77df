import { aFile, shareByHand } from "../../files/share-a-file.ts"
import { expect, test } from "../../fixtures.ts"

/** A page that loses a letter does so in one of seven rounds. */
const ROUNDS = 30

test("the first letter typed in the settings stays while the page refreshes itself", async ({
  ownerPage: page,
}) => {
  test.slow()
  await shareByHand(page, [aFile("letters.pdf")])
  const slow = await page.context().newCDPSession(page)
  await slow.send("Emulation.setCPUThrottlingRate", { rate: 4 })
  const settings = page.getByRole("region", { name: "Uploads", exact: true })
  const password = settings.getByLabel("Password")
  await settings.getByRole("button", { name: "Settings" }).click()
  for (let round = 1; round <= ROUNDS; round++) {
    // Saving the title refreshes the page.
    await page.getByLabel("Title", { exact: true }).fill(`Round ${round}`)
    await settings.getByRole("button", { name: "Set…" }).click()
    await password.fill("open sesame")
    await expect(password).toHaveValue("open sesame")
    await settings.getByRole("button", { name: "Cancel", exact: true }).first().click()
    await expect(password).toBeHidden()
  }
})
