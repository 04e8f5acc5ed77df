import { execFileSync } from "node:child_process"
import fs from "node:fs"
import { downloadBy } from "./click.ts"
import { expect, test } from "./fixtures.ts"
import { uploadLarge } from "./large-file.ts"
import { browserMemory } from "./process-memory.ts"

const MIB = 1024 ** 2
const isHeavy = process.env.HEAVY === "1"
/** Together above 4 GiB, and one of them by itself. */
const SIZES = isHeavy ? [700 * MIB, 4_300 * MIB, 20 * MIB] : [100 * MIB, 200 * MIB, 20 * MIB]
const TOTAL = SIZES.reduce((sum, size) => sum + size, 0)

const LIST = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as z:
    assert z.testzip() is None
    print(" ".join(str(i.file_size) for i in z.infolist() if i.filename != "LAPSE.txt"))
`

// A trace has every byte that the page reads.
if (isHeavy) test.use({ trace: "off" })

test(`a ZIP of ${TOTAL / MIB} MiB comes whole, and the browser does not keep it in memory`, async ({
  owner,
  visitor,
  browser,
}, testInfo) => {
  test.setTimeout(isHeavy ? 30 * 60_000 : 240_000)
  const files = []
  for (const [at, size] of SIZES.entries())
    files.push(await uploadLarge(owner, `film ${at}.mov`, size))
  const share = await owner.shareFiles(files.map(({ id }) => id))
  await visitor.goto(share.url)
  const before = await browserMemory(browser)

  const download = await downloadBy(visitor, /^Download all/)
  let most = before
  await expect
    .poll(
      async () => {
        most = Math.max(most, await browserMemory(browser))
        return visitor.getByText("All 3 files are in").count()
      },
      { timeout: 25 * 60_000, intervals: [250] },
    )
    .toBe(1)
  const archive = await download.path()

  const grown = most - before
  testInfo.annotations.push({
    type: "browser",
    description: `grew by ${Math.round(grown / MIB)} MiB`,
  })
  expect.soft(grown, "the browser's memory").toBeLessThan(240 * MIB)
  expect(fs.statSync(archive).size).toBeGreaterThan(TOTAL)
  expect(execFileSync("python3", ["-c", LIST, archive]).toString().trim()).toBe(SIZES.join(" "))
  for (const { id } of files) expect((await owner.delete(`/files/${id}`)).status()).toBe(204)
})
