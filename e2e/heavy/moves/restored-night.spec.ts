import fs from "node:fs"
import { expect } from "../../fixtures.ts"
import { ADMIN, test } from "../../installation/own-installation.ts"
import { type MemberClient, read, signInClient } from "../../member-client.ts"

const RULE = { sharedDays: 30, receivedDays: 30, unsharedDays: 30, keepDays: null }
const NIGHT = `SELECT graphile_worker.add_job('lapseFiles', queue_name => 'lapseFiles', job_key => 'lapseFiles')`

async function namesOf(member: MemberClient) {
  const { items } = await read<{ items: { name: string }[] }>(await member.get("/files"), 200)
  return items.map(({ name }) => name).sort()
}

test("after a restore no file goes by the rule until an admin chooses Continue, and then quota and bucket are equal", async ({
  own,
  member,
  newPage,
}) => {
  test.setTimeout(180_000)
  const old = ["plan.txt", "notes.txt", "bill.txt"]
  const ids = new Map<string, string>()
  for (const name of [...old, "young.txt"]) {
    ids.set(name, (await member.upload(name, Buffer.from(`the bytes of ${name}`))).id)
  }
  await member.share("shared.pdf")
  await own.query("UPDATE file SET ready_at = now() - interval '40 days' WHERE name <> 'young.txt'")
  await own.query("UPDATE object SET put_expires_at = now() - interval '1 hour'")
  await own.query(
    `INSERT INTO setting (name, value, changed_by_id, changed_at)
     SELECT 'retention', $1, id, now() - interval '90 days' FROM member`,
    [RULE],
  )
  await own.query("UPDATE installation SET retention_mailed_at = now() - interval '1 day'")
  const backup = `${own.data}-backup`
  expect((await own.lapse(["backup", backup])).code).toBe(0)
  // The backup does not know this share, so by the rule its file would go.
  await member.shareFiles([ids.get("plan.txt") ?? ""])

  expect(await own.stop()).toBe(0)
  const before = `${own.data}-old`
  fs.renameSync(own.data, before)
  fs.mkdirSync(own.data, { mode: 0o755 })
  expect((await own.lapse(["restore", backup])).code).toBe(0)
  await own.start()
  await own.query(NIGHT)

  const waits = async () => {
    const [row] = await own.query("SELECT retention_night->>'waits' AS waits FROM installation")
    return row?.waits
  }
  await expect.poll(waits).toBe("restored")
  const again = await signInClient(own.url, ADMIN)
  expect(await namesOf(again)).toEqual([...old, "shared.pdf", "young.txt"].sort())

  await again.shareFiles([ids.get("plan.txt") ?? ""])
  const page = await newPage({ storageState: await again.context.storageState() })
  for (const list of ["/files", "/admin/files"]) {
    await page.goto(list)
    await expect(page.getByText("Due for deletion")).toHaveCount(2)
  }
  await page.goto("/admin/settings/files")
  await expect(
    page.getByText(
      "After a restore: 3 files are due, and none was deleted. Continue deletes them.",
    ),
  ).toBeVisible()
  await page.getByRole("button", { name: "Continue" }).click()

  const left = ["plan.txt", "shared.pdf", "young.txt"]
  await expect.poll(() => namesOf(again)).toEqual(left)
  const doomed = () => own.query("SELECT FROM object WHERE state = 'doomed'")
  await expect.poll(doomed, { timeout: 30_000 }).toEqual([])
  const [quota] = await own.query(
    `SELECT used_bytes - (SELECT sum(size) FROM file WHERE deleted_at IS NULL) AS wrong FROM member`,
  )
  expect(Number(quota?.wrong)).toBe(0)
  const { said, code } = await own.lapse(["reconcile"])
  expect(said).toContain("Compared 3 objects in the bucket with 3 files in the database.")
  expect(said).toContain("The bucket and the database agree.")
  expect(code).toBe(0)

  await again.context.dispose()
  for (const directory of [backup, before]) fs.rmSync(directory, { recursive: true })
})
