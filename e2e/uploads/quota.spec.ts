import { aFile, closeDrop, newestLink, uploadByHand } from "../files/share-a-file.ts"
import { expect, test } from "../fixtures.ts"

const bytes = (size: number) => "x".repeat(size)

test("a member sees the used and remaining storage, and how much is missing for a file that does not fit, which joins the link once it does", async ({
  join,
  browse,
  installation,
}) => {
  const member = await join("Quinn Quota")
  const setQuota = (bytes: number) =>
    installation.query("UPDATE member SET quota_bytes = $1 WHERE email = $2", [bytes, member.email])
  await setQuota(1_000_000)
  const page = await browse({ storageState: await member.context.storageState() })
  await page.goto("/files")
  await expect(page.getByText("0 bytes of 1 MB used", { exact: true })).toBeVisible()
  await page.goto("/shares")
  await expect(page.getByRole("heading", { name: "Shares" })).toBeVisible()
  await expect(page.getByText(/ left$/)).toHaveCount(0)

  await uploadByHand(page, [aFile("large.bin", bytes(850_000))])
  await expect(page.getByText("850 kB of 1 MB used · 150 kB left")).toBeVisible()
  expect(await (await member.get("/me")).json()).toMatchObject({
    usedBytes: 850_000,
    quotaBytes: 1_000_000,
  })
  await closeDrop(page)

  const chosen = page.waitForEvent("filechooser")
  await page.getByRole("button", { name: "Choose files" }).click()
  const more = [aFile("fits.bin", bytes(100)), aFile("larger.bin", bytes(200_000))]
  await (await chosen).setFiles(more.filter((file) => typeof file !== "string"))
  const uploads = page.getByRole("region", { name: "Uploads", exact: true })
  await expect(uploads.getByText(/“larger.bin” needs .* more\./)).toBeVisible()
  await expect(uploads.getByText("Uploaded", { exact: true })).toBeVisible()
  const link = await newestLink(page)
  const latest = async () => (await (await member.get("/shares?limit=1")).json()).items[0]
  expect(await latest()).toMatchObject({ url: link, fileCount: 1 })
  await setQuota(1_200_000)
  await page.getByRole("button", { name: "Try again: larger.bin" }).click()
  await expect(uploads.getByText("Upload complete")).toBeVisible()
  expect(await latest()).toMatchObject({ url: link, fileCount: 2, arrivingFileCount: 0 })

  await page.goto("/files")
  await page.getByRole("button", { name: "More actions for large.bin" }).click()
  await page.getByRole("menuitem", { name: "Delete" }).click()
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete file" }).click()
  // Its upload URL could store the file again for a while, so it counts until then.
  await expect(page.getByText("large.bin")).toHaveCount(0)
  await expect(page.getByText("1.1 MB of 1.2 MB used · 150 kB left")).toBeVisible()
  const sentence = "Space from deleted files becomes available within 15 minutes."
  await expect(page.getByText(sentence)).toBeVisible()
  await installation.query(
    "UPDATE object SET put_expires_at = now() FROM file WHERE file.id = file_id AND name = 'large.bin'",
  )
  await installation.query("UPDATE file SET counted_until = now() WHERE name = 'large.bin'")
  await installation.query(
    "UPDATE graphile_worker._private_jobs SET run_at = now() WHERE run_at > now()",
  )
  const freed = page.getByText("200 kB of 1.2 MB used", { exact: true })
  await expect(async () => {
    await page.reload()
    await expect(freed).toBeVisible({ timeout: 1_000 })
  }).toPass()
})
