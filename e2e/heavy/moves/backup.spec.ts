import { execFileSync } from "node:child_process"
import fs from "node:fs"
import os from "node:os"
import path from "node:path"
import { type APIRequestContext, request } from "@playwright/test"
import { expect } from "../../fixtures.ts"
import { ADMIN, test } from "../../installation/own-installation.ts"
import { isSignedIn, type ShareView, signInClient } from "../../member-client.ts"
import { click, leadsToStore, open } from "../../network/send-click.ts"

/** Moves the data directory of a stopped installation away; returns its new path. */
function moveAway(data: string) {
  const old = `${data}-old`
  fs.renameSync(data, old)
  fs.mkdirSync(data, { mode: 0o755 })
  return old
}

/** Clicks one after another until it is stopped. */
function clicking(url: string, share: ShareView) {
  const state = { clicks: 0, running: true }
  const run = async () => {
    while (state.running) {
      // Without a ticket every click is a new claim.
      const visitor = await request.newContext({ baseURL: url, maxRedirects: 0 })
      if (leadsToStore(await click(visitor, share))) state.clicks++
      await visitor.dispose()
    }
  }
  const running = run()
  return {
    state,
    stop: async () => {
      state.running = false
      await running
    },
  }
}

test("a backup made under clicks comes back with its shares, counts and bytes, and without the sessions and tickets since", async ({
  own,
  member,
}) => {
  test.setTimeout(180_000)
  const [limited, popular] = [
    await member.share("survey.pdf", { maxDownloads: 5, password: "a harbour" }),
    await member.share("poster.pdf"),
  ]
  const load = clicking(own.url, popular)
  const backup = `${own.data}-backup`
  await expect.poll(() => load.state.clicks).toBeGreaterThan(5)
  const clicksBefore = load.state.clicks

  const made = await own.lapse(["backup", backup])

  const clicksAfter = load.state.clicks + 1
  expect(made.said).toContain("1 member, 2 shares and 2 files")
  expect(made.code).toBe(0)
  await load.stop()

  // After the backup: a ticket, and a revocation.
  const visitor = await request.newContext({ baseURL: own.url, maxRedirects: 0 })
  await open(visitor, limited)
  await unlock(visitor, limited)
  expect(leadsToStore(await click(visitor, limited))).toBe(true)
  await member.context.post(`/api/v1/shares/${popular.id}/revoke`, { data: {} })
  expect(await member.readShare(popular.id)).toMatchObject({ status: "revoked" })

  expect(await own.stop()).toBe(0)
  const old = moveAway(own.data)
  const restored = await own.lapse(["restore", backup, "--compare", old])
  expect(restored.said).toContain("1 shares were revoked since")
  expect(restored.said).toContain("1 downloads of limited shares were counted since")
  expect(restored.code).toBe(0)
  await own.start()

  expect(await isSignedIn(member.context)).toBe(false)
  const again = await signInClient(own.url, ADMIN)
  expect(await again.readShare(limited.id)).toMatchObject({ status: "open", downloads: 0 })
  const { status, downloads } = await again.readShare(popular.id)
  expect(status).toBe("open")
  expect(downloads).toBeGreaterThanOrEqual(clicksBefore)
  expect(downloads).toBeLessThanOrEqual(clicksAfter)
  expect(leadsToStore(await click(visitor, limited))).toBe(false) // neither ticket nor password
  await unlock(visitor, limited)
  const clicked = await click(visitor, limited)
  const bytes = await fetch(clicked.headers().location ?? "")
  expect(await bytes.text()).toBe("the bytes of survey.pdf")
  expect(await again.readShare(limited.id)).toMatchObject({ downloads: 1 })

  await visitor.dispose()
  await again.context.dispose()
  for (const directory of [backup, old]) fs.rmSync(directory, { recursive: true })
})

const unlock = (visitor: APIRequestContext, { url }: ShareView) =>
  visitor.post(`${new URL(url).pathname}/unlock`, { form: { password: "a harbour" } })

test("a copy of a running data directory does not start without confirmation", async ({
  own,
  member,
}) => {
  test.setTimeout(180_000)
  const share = await member.share("survey.pdf")
  await own.kill()
  const old = `${own.data}-old`
  fs.renameSync(own.data, old)
  execFileSync("cp", ["-a", old, own.data])

  await expect(own.start()).rejects.toThrow("seems to be a copy that was made while Lapse ran")
  await own.start(["--accept-copy"])
  expect(await member.readShare(share.id)).toMatchObject({ status: "open" })
  await own.kill()
  await own.start()
  expect(await member.readShare(share.id)).toMatchObject({ status: "open" })

  fs.rmSync(old, { recursive: true })
})

const BACKUPS = fs.mkdtempSync(path.join(os.tmpdir(), "lapse-backups-"))

test.describe("with BACKUP_DIR", () => {
  test.use({ settings: { BACKUP_DIR: BACKUPS } })
  test.afterAll(() => fs.rmSync(BACKUPS, { recursive: true, force: true }))

  test("a backup is made right after the start, another is tested beside the running Lapse, and checks and metrics know both", async ({
    own,
    member,
  }) => {
    test.setTimeout(180_000)
    const daily = expect.stringMatching(/^lapse-\d{8}T\d{6}Z$/)
    await expect.poll(() => fs.readdirSync(BACKUPS), { timeout: 60_000 }).toEqual([daily])
    const backups = async () => (await member.get("/admin/backup")).json()
    const isDone = async () => (await backups()).state === "idle"
    await expect.poll(isDone, { timeout: 30_000 }).toBe(true)
    // An admin asks for another.
    expect((await member.post("/admin/backup", {})).status()).toBe(202)
    await expect.poll(isDone, { timeout: 30_000 }).toBe(true)
    expect(fs.readdirSync(BACKUPS)).toEqual([daily, daily])
    expect((await backups()).last.directory).toContain(fs.readdirSync(BACKUPS)[1])
    await member.share("survey.pdf")
    const backup = `${own.data}-backup`
    expect((await own.lapse(["backup", backup])).code).toBe(0)

    const tried = await own.lapse(["restore", backup, "--try"])

    expect(tried.said).toContain("1 member, 1 share and 1 file of 23 ")
    expect(tried.said).not.toContain("do not know of this test")
    expect(tried.code).toBe(0)
    await own.query("UPDATE backup SET at = at - interval '1 hour' WHERE kind = 'manual'")
    const checked = await (await member.post("/admin/checks", {})).json()
    const found = (id: string) => checked.items.find((line: { id: string }) => line.id === id)
    expect(found("backup")).toMatchObject({
      state: "ok",
      values: { directory: expect.any(String) },
    })
    expect(found("backup").values.directory).toContain(BACKUPS)
    expect(found("backup_tried")).toMatchObject({ state: "ok" })
    const metrics = await (await fetch(`${own.url}/metrics`)).text()
    expect(metrics).toMatch(/^lapse_backup_age_seconds\{kind="scheduled"\} \d/m)
    fs.rmSync(backup, { recursive: true })
  })
})
