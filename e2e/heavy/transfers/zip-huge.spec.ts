import { execFileSync } from "node:child_process"
import fs from "node:fs"
import { MIB } from "#testing/units.ts"
import { launchPlain } from "../../browser/plain-browser.ts"
import { uploadLarge } from "../../files/large-file.ts"
import { expect, test } from "../../fixtures.ts"
import { residentBytes } from "../../installation/process-memory.ts"

const isHeavy = process.env.HEAVY === "1"
/** More than 4 GiB in total, and one file of more than 4 GiB. */
const SIZES = isHeavy ? [700 * MIB, 4_300 * MIB, 20 * MIB] : [100 * MIB, 200 * MIB, 20 * MIB]
const TOTAL = SIZES.reduce((sum, size) => sum + size, 0)

const LIST = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as z:
    assert z.testzip() is None
    print(" ".join(str(i.file_size) for i in z.infolist() if i.filename != "LAPSE.txt"))
`

test(`a ZIP of ${TOTAL / MIB} MiB is downloaded unchanged, and the browser does not keep it in memory`, async ({
  owner,
}, testInfo) => {
  test.setTimeout(isHeavy ? 30 * 60_000 : 240_000)
  const files = []
  for (const [at, size] of SIZES.entries())
    files.push(await uploadLarge(owner, `film ${at}.mov`, size))
  const share = await owner.shareFiles(files.map(({ id }) => id))
  const browser = await launchPlain()
  try {
    const page = await browser.open(share.url)
    const resident = async () => residentBytes((await browser.processes()).map(({ id }) => id))
    const before = await resident()

    const downloaded = page.nextDownload()
    await page.click("Download all")
    let most = before
    await expect
      .poll(
        async () => {
          most = Math.max(most, await resident())
          return page.evaluate('document.body.textContent.includes("All 3 files are in")')
        },
        { timeout: 25 * 60_000, intervals: [250] },
      )
      .toBe(true)
    const archive = await downloaded

    const grown = most - before
    testInfo.annotations.push({
      type: "browser",
      description: `grew by ${Math.round(grown / MIB)} MiB`,
    })
    expect.soft(grown, "the browser's memory").toBeLessThan(240 * MIB)
    expect(fs.statSync(archive).size).toBeGreaterThan(TOTAL)
    expect(execFileSync("python3", ["-c", LIST, archive]).toString().trim()).toBe(SIZES.join(" "))
  } finally {
    await browser.close()
  }
  for (const { id } of files) expect((await owner.delete(`/files/${id}`)).status()).toBe(204)
})
