import { aFile, chooseFiles, newestLink } from "../../files/share-a-file.ts"
import { expect } from "../../fixtures.ts"
import { test } from "../../installation/own-installation.ts"

test("files whose records were created when the web process was killed are stored once, under one link", async ({
  own,
  member,
  memberPage: page,
}) => {
  test.setTimeout(240_000)
  const count = 60
  let isKilled = false
  await page.goto("/shares")
  await page.route(
    "**/api/v1/files/batch",
    async (route) => {
      await route.fetch()
      await own.crash("web")
      isKilled = true
      await route.abort()
    },
    { times: 1 },
  )
  await chooseFiles(
    page,
    Array.from({ length: count }, (_, at) => aFile(`leaf ${at}.pdf`)),
  )
  const uploads = page.getByRole("region", { name: "Uploads", exact: true })
  await expect(uploads.getByText("Upload complete")).toBeVisible({ timeout: 120_000 })
  expect(isKilled).toBe(true)
  const shares = await (await member.get("/shares")).json()
  expect(shares.items).toMatchObject([
    { url: await newestLink(page), fileCount: count, arrivingFileCount: 0 },
  ])
  const files = await (await member.get("/files?limit=100")).json()
  expect(files.items).toHaveLength(count)
})
