import fs from "node:fs"
import path from "node:path"
import { type APIRequestContext, request, test } from "@playwright/test"
import { mountSmallDisk, noSmallDisk, type SmallDisk } from "#testing/small-disk.ts"
import { MIB } from "#testing/units.ts"
import { expect } from "../fixtures.ts"
import { ADMIN } from "../installation/own-installation.ts"
import { type Installation, startInstallation } from "../installation/start-installation.ts"
import {
  type MemberClient,
  postCredentials,
  type ShareView,
  signInClient,
} from "../member-client.ts"
import { click, leadsToStore, open } from "../network/send-click.ts"

const DISK = 600 * MIB
/** The reserve on a disk of this size. */
const RESERVE = 128 * MIB
const isHeavy = Boolean(process.env.HEAVY)
const REVOKES = isHeavy ? 500 : 10
const FULL = "The server’s disk is full"

const reason = noSmallDisk()
test.skip(reason !== null, `A disk has to be mounted: ${reason}`)

let disk: SmallDisk
let own: Installation
let member: MemberClient
let visitor: APIRequestContext

test.beforeEach(async () => {
  disk = mountSmallDisk(DISK)
  own = await startInstallation({
    LAPSE_DATA_DIR: disk.path,
    ADMIN_EMAIL: ADMIN.email,
    ADMIN_PASSWORD: ADMIN.password,
  })
  member = await signInClient(own.url, ADMIN)
  visitor = await request.newContext({ baseURL: own.url, maxRedirects: 0 })
})
test.afterEach(async () => {
  await visitor?.dispose()
  await member?.context.dispose()
  await own?.stop()
  disk?.remove()
})

const health = async () => {
  const answer = await visitor.get("/api/health")
  return { ...(await answer.json()), status: answer.status() }
}

test("a full disk refuses uploads, then clicks, but still accepts revokes and deletions", async ({
  browser,
}) => {
  test.setTimeout(300_000)
  const [kept, first, second, third] = await Promise.all(
    ["kept", "first", "second", "third"].map((name) => member.share(`${name}.pdf`)),
  )
  const locked = await member.share("locked.pdf", { password: "open sesame" })
  if (!kept || !first || !second || !third) throw new Error("there are four shares")
  const many: ShareView[] = []
  for (let n = 0; n < REVOKES; n++) many.push(await member.shareFiles([third.files[0]?.id ?? ""]))
  const begun = await member.startUpload("begun.bin", Buffer.alloc(MIB))
  await open(visitor, kept)
  expect(leadsToStore(await click(visitor, kept))).toBe(true)
  const counted = await member.readShare(kept.id)
  expect(counted).toMatchObject({ views: 1, downloads: 1 })
  expect(await health()).toMatchObject({ status: 200, disk: "ok" })

  await test.step("uploads are refused before a byte is sent, and by the store", async () => {
    disk.leave(RESERVE - 4 * MIB)
    const start = () => member.post("/files", { name: "x", size: 1, contentType: "text/plain" })
    await expect.poll(async () => (await start()).status(), { timeout: 15_000 }).toBe(507)
    const refused = await start()
    expect(await refused.json()).toMatchObject({
      code: "storage_full",
      title: `${FULL}. The upload resumes when there is space.`,
    })
    expect(Number(refused.headers()["retry-after"])).toBeGreaterThan(0)
    const { url, headers } = begun.upload
    const put = await fetch(url, { method: "PUT", headers, body: new Uint8Array(MIB) })
    expect(put.status).toBe(507)
    expect((await member.post(`/files/${begun.file.id}/upload`)).status()).toBe(507)
    expect(leadsToStore(await click(visitor, third))).toBe(true)
    const found = await health()
    expect(found).toMatchObject({ status: 200, disk: "low" })
    expect(found.freeBytes).toBeLessThan(RESERVE)
  })

  const storageState = await member.context.storageState()
  const page = await browser.newPage({ baseURL: own.url, storageState })
  const uploads = page.getByRole("region", { name: "Uploads", exact: true })
  await test.step("an upload on a page waits, and its row says why", async () => {
    await page.goto("/shares")
    const chosen = page.waitForEvent("filechooser")
    await page.getByRole("button", { name: "Choose files" }).click()
    await (await chosen).setFiles({
      name: "patient.pdf",
      mimeType: "application/pdf",
      buffer: Buffer.from("patience"),
    })
    await expect(uploads).toContainText(`${FULL}. The upload resumes when there is space.`)
  })

  await test.step("below half of the reserve only revoking and deleting write", async () => {
    disk.leave(RESERVE / 2 - 16 * MIB)
    await expect.poll(health, { timeout: 15_000 }).toMatchObject({ status: 503, disk: "full" })
    const clicked = await click(visitor, kept)
    expect(clicked.status()).toBe(503)
    expect(await clicked.text()).toContain(FULL)
    const page = await open(visitor, kept)
    expect(page.status()).toBe(200)
    expect(await page.text()).toContain("kept.pdf")
    const unlock = await visitor.post(`${new URL(locked.url).pathname}/unlock`, {
      form: { password: "open sesame" },
    })
    expect(unlock.status()).toBe(503)
    const stranger = await request.newContext({ baseURL: own.url })
    const signIn = await postCredentials(stranger, ADMIN)
    expect([signIn.status(), (await signIn.json()).title]).toEqual([
      503,
      `${FULL}, so passwords can’t be checked. Please try again later.`,
    ])
    await stranger.dispose()
    const shared = await member.post("/shares", { fileIds: [kept.files[0]?.id] })
    expect([shared.status(), (await shared.json()).title]).toEqual([
      503,
      `${FULL}, so shares can’t be created. You can still revoke and delete. Please try again later.`,
    ])
    expect(await (await visitor.get("/metrics")).text()).toMatch(
      /^lapse_disk_free_bytes\{disk="data"\} [1-9]\d*$/m,
    )
    expect((await member.post(`/shares/${first.id}/revoke`)).status()).toBe(200)
    expect((await click(visitor, first)).status()).not.toBe(200)
  })

  await test.step("with nothing left, what was kept is used to revoke and delete", async () => {
    disk.leave(0)
    expect((await member.post(`/shares/${second.id}/revoke`)).status()).toBe(200)
    expect((await member.delete(`/files/${second.files[0]?.id}`)).status()).toBe(204)
    for (const { id } of many) {
      const revoked = await member.post(`/shares/${id}/revoke`)
      expect(revoked.status(), await revoked.text()).toBe(200)
    }
    expect((await member.post(`/shares/${third.id}/revoke`, { cutOff: true })).status()).toBe(200)
    await expect
      .poll(() => member.readShare(third.id), { timeout: 30_000 })
      .toMatchObject({ status: "revoked", cutOff: { state: "done" } })
  })

  await test.step("after room is made everything works, and what was revoked stays so", async () => {
    disk.makeRoom()
    await expect.poll(health, { timeout: 15_000 }).toMatchObject({ status: 200, disk: "ok" })
    for (const { id } of [first, second, third, ...many]) {
      expect(await member.readShare(id)).toMatchObject({ status: "revoked" })
    }
    expect(await member.readShare(kept.id)).toEqual(counted)
    expect(leadsToStore(await click(visitor, kept))).toBe(true)
    const { url, headers } = begun.upload
    const put = await fetch(url, { method: "PUT", headers, body: new Uint8Array(MIB) })
    expect(put.status).toBe(200)
    await uploads.getByRole("button", { name: "Try now: patient.pdf" }).click() // or automatically after a minute
    await expect(uploads.getByText("Uploaded", { exact: true })).toBeVisible()
    await page.close()
    await member.share("after.pdf")
    expect(own.lines().filter((line) => line.includes('"level":"error"'))).toEqual([])
  })
})

test("a database without space for its log recovers, and a start on a full disk serves or says why not", async () => {
  test.skip(!isHeavy, "It takes a minute: npm run test:heavy")
  test.setTimeout(300_000)
  const [kept, ended] = await Promise.all(
    ["kept", "ended"].map((name) => member.share(`${name}.pdf`)),
  )
  if (!kept || !ended) throw new Error("there are two shares")
  await click(visitor, kept)
  const counted = await member.readShare(kept.id)
  const ballast = path.join(disk.path, "ballast")
  const isServing = { timeout: 60_000 }

  await test.step("the process stays while the database has no room for its log", async () => {
    fs.rmSync(ballast)
    disk.leave(0)
    const write = () =>
      own.query(
        `SELECT pg_logical_emit_message(false, 'test', repeat('x', ${MIB})) FROM generate_series(1, 200)`,
      )
    await expect(write()).rejects.toThrow()
    expect((await visitor.get("/api/live")).status()).toBe(204)
    disk.makeRoom()
    await expect.poll(health, isServing).toMatchObject({ status: 200, database: "ok" })
    expect(await member.readShare(kept.id)).toEqual(counted)
    expect(leadsToStore(await click(visitor, kept))).toBe(true)
  })

  await test.step("a start without the ballast ends in a sentence", async () => {
    await own.stop()
    fs.rmSync(ballast, { force: true })
    disk.leave(0)
    const from = own.lines().length
    await expect(own.start()).rejects.toThrow("Lapse did not start")
    const said = own.lines(from).join("\n")
    expect(said).toContain("The disk of the data directory is full")
    expect(said).not.toMatch(/^ +at /m)
    disk.makeRoom()
    await own.start()
  })

  await test.step("a start with the ballast serves those who revoke", async () => {
    await expect.poll(() => fs.existsSync(ballast), isServing).toBe(true)
    await own.stop()
    disk.leave(0)
    const starting = own.start()
    await expect
      .poll(() => health().catch(() => null), isServing)
      .toMatchObject({ status: 503, database: "ok", storage: "ok", disk: "full" })
    expect((await member.post(`/shares/${ended.id}/revoke`)).status()).toBe(200)
    disk.makeRoom()
    await starting
    expect(await member.readShare(ended.id)).toMatchObject({ status: "revoked" })
  })
})
