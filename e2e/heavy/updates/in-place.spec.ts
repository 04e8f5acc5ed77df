import fs from "node:fs"
import os from "node:os"
import path from "node:path"
import { lastVersion, migrationsOf, noLastVersion } from "#testing/lapse/last-version.ts"
import { freePort } from "#testing/programs/daemons.ts"
import { MIB } from "#testing/units.ts"
import { expect } from "../../fixtures.ts"
import { ADMIN } from "../../installation/own-installation.ts"
import { isSignedIn, signInClient } from "../../member-client.ts"
import { test } from "./starting.ts"
import { startInSteps } from "./upload-in-steps.ts"
import { startClicking, takeTicket } from "./visits.ts"

const PASSWORD = "a harbour"

test.skip(noLastVersion !== null, noLastVersion ?? "")

// Follows docs/upgrade.md.
test("this version goes on with the data directory of the version before, which refuses it afterwards in words and takes the copy from before the update", async ({
  start,
}) => {
  test.setTimeout(900_000)
  const sources = await lastVersion()
  const data = fs.mkdtempSync(path.join(os.tmpdir(), "lapse-e2e-"))
  const settings = {
    LAPSE_DATA_DIR: data,
    PORT: String(await freePort()),
    LOCAL_S3_PORT: String(await freePort()),
    ADMIN_EMAIL: ADMIN.email,
    ADMIN_PASSWORD: ADMIN.password,
  }
  const old = await start(settings, sources)
  const member = await signInClient(old.url, ADMIN)
  const [plain, few, locked, revoked] = [
    await member.share("plain.pdf"),
    await member.share("few.pdf", { maxDownloads: 500 }),
    await member.share("locked.pdf", { maxDownloads: 1, password: PASSWORD }),
    await member.share("revoked.pdf"),
  ]
  await member.post(`/shares/${revoked.id}/revoke`)
  const ticket = await takeTicket(locked, PASSWORD)
  const upload = await startInSteps(member, "survey.bin", 20 * MIB)
  await upload.sendPart()
  const clicks = [startClicking(plain, { count: 2 }), startClicking(few, { pauseMs: 50 })]
  const [onPlain, onFew] = clicks
  if (!onPlain || !onFew) throw new Error("there are two")
  await expect.poll(() => onPlain.granted, { timeout: 30_000 }).toBeGreaterThan(50)

  const backup = path.join(data, "..", `${path.basename(data)}-backup`)
  expect(await old.lapse(["backup", backup])).toMatchObject({ code: 0 })
  expect(await old.lapse(["restore", backup, "--try"])).toMatchObject({ code: 0 })
  fs.rmSync(backup, { recursive: true })

  expect(await old.stop()).toBe(0)
  const stopped = onPlain.granted
  const own = await start(settings)
  await expect.poll(() => onPlain.granted, { timeout: 30_000 }).toBeGreaterThan(stopped + 50)
  await Promise.all(clicks.map((each) => each.stop()))
  const rest = startClicking(few, { pauseMs: 0, count: 8 })
  await expect.poll(() => rest.refused, { timeout: 60_000 }).toBeGreaterThan(20)
  await rest.stop()

  expect(await isSignedIn(member.context)).toBe(true)
  expect(await member.readShare(plain.id)).toMatchObject({ downloads: onPlain.granted })
  expect(await member.readShare(few.id)).toMatchObject({ downloads: 500, status: "used_up" })
  expect(onFew.granted + rest.granted).toBe(500)
  const again = [startClicking(locked, { cookie: ticket }), startClicking(revoked)]
  await expect.poll(() => Math.min(...again.map(answers))).toBeGreaterThan(3)
  await Promise.all(again.map((each) => each.stop()))
  expect(again.map(({ granted }) => granted > 0)).toEqual([true, false])
  expect(again.flatMap(({ failed }) => failed)).toEqual([])
  while (upload.left() > 0) await upload.sendPart()
  expect(await upload.finish()).toMatchObject({ status: "ready", size: 20 * MIB })

  expect(await own.stop()).toBe(0)
  const copies = path.join(data, "before-update")
  if (migrationsOf(sources).length < migrationsOf().length) {
    const [copy = ""] = fs.readdirSync(copies)
    await expect(start(settings, sources)).rejects.toThrow(
      new RegExp(`The database is newer than this version of Lapse .*restore ${copies}/${copy}`),
    )
    expect(await own.lapse(["restore", path.join(copies, copy)])).toMatchObject({ code: 0 })
  }
  await old.start()
  const back = await signInClient(old.url, ADMIN)
  expect(await back.readShare(plain.id)).toMatchObject({ status: "open" })
  expect(await back.readShare(revoked.id)).toMatchObject({ status: "revoked" })
  // Exit code 2: it lists the uploads since the update, or the update did not change the tables.
  expect([0, 2]).toContain((await old.lapse(["reconcile"])).code)
  await back.context.dispose()
  await member.context.dispose()
})

const answers = ({ granted, refused }: ReturnType<typeof startClicking>) => granted + refused
