import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { renameFile } from "#lib/rooms/files/rename-file.ts"
import { startUpload } from "#lib/rooms/files/upload/start-upload.ts"
import { readSettings } from "#lib/rooms/settings/read-settings.ts"
import { SettingsChange } from "#lib/rooms/settings/setting.ts"
import { editShare } from "#lib/rooms/shares/edit/edit-share.ts"
import { aFile } from "#testing/builders/a-file.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { aShare } from "#testing/builders/a-share.ts"
import { acting } from "#testing/builders/acting.ts"
import { DAY, inDays } from "#testing/units.ts"
import { changeSettings, viewSettings } from "./change-settings.ts"

const notAllowed = (field: string) => ["not_allowed", { field }] as const

describe("changeSettings", () => {
  it("wins over the default until it is reset, and says which of the two applies", async () => {
    const admin = await anAdmin()
    const unset = { value: 7, source: "default", otherwise: 7 }
    expect((await viewSettings(admin)).defaultShareDays).toEqual(unset)

    const changed = await changeSettings(acting(admin), { defaultShareDays: null })
    expect(changed.defaultShareDays).toEqual({ value: null, source: "admin", otherwise: 7 })
    expect(changed.passwordRequired).toMatchObject({ value: false, source: "default" })
    expect((await readSettings()).defaultShareDays).toBeNull()

    const reset = await changeSettings(acting(admin), { reset: ["defaultShareDays"] })
    expect(reset.defaultShareDays).toEqual(unset)
  })

  it("writes an audit entry for each changed setting, with both values", async () => {
    const admin = await anAdmin()
    await changeSettings(acting(admin), {
      maxShareDays: 9,
      passwordRequired: false,
      inviters: "members",
    })
    await changeSettings(acting(admin), { maxShareDays: 9 })

    const entries = await db.auditEntry.findMany({ orderBy: { targetId: "asc" } })
    expect(entries.map(({ action, details }) => ({ action, details }))).toEqual([
      {
        action: "setting.change",
        details: { setting: "inviters", value: "members", before: "admins", source: "admin" },
      },
      {
        action: "setting.change",
        details: { setting: "maxShareDays", value: 9, before: null, source: "admin" },
      },
      {
        action: "setting.change",
        details: { setting: "passwordRequired", value: false, before: false, source: "admin" },
      },
    ])
  })

  it("admits no share that only the settings before would have allowed: a later count includes all", async () => {
    const [admin, owner] = [await anAdmin(), await aMember()]
    const { id } = await aFile({ owner })
    const without = () => db.share.count({ where: { passwordHash: null } })

    const making = Array.from({ length: 24 }, async (_, index) => {
      await new Promise((resolve) => setImmediate(resolve, index))
      return aShare({ owner, fileIds: [id] }).catch((error: unknown) => error)
    })
    await changeSettings(acting(admin), { passwordRequired: true })
    const counted = await without()
    const refused = (await Promise.all(making)).filter((made) => made instanceof Error)

    expect(await without()).toBe(counted)
    expect(counted + refused.length).toBe(24)
    for (const error of refused) expect(error).toBeRefusal(...notAllowed("password"))
  })
})

describe("a share under settings", () => {
  it("needs the password that is required", async () => {
    await changeSettings(acting(await anAdmin()), { passwordRequired: true })

    await expect(aShare()).rejects.toBeRefusal(...notAllowed("password"))
    expect(await aShare({ password: "sesame" })).toMatchObject({ status: "open" })
  })

  it("ends when admins say, unless its owner sets another end", async () => {
    const admin = await anAdmin()
    const days = async () => {
      const { expiresAt } = await aShare()
      return expiresAt && Math.round((Date.parse(expiresAt) - Date.now()) / DAY)
    }
    await changeSettings(acting(admin), { defaultShareDays: 30 })
    expect(await days()).toBe(30)
    await changeSettings(acting(admin), { maxShareDays: 14 })
    expect(await days()).toBe(14)
    await changeSettings(acting(admin), { maxShareDays: null, defaultShareDays: null })
    expect(await days()).toBeNull()
  })

  it("has no direct link and no preview if they are switched off", async () => {
    await changeSettings(acting(await anAdmin()), { directLinks: false, previews: false })

    await expect(aShare({ direct: true })).rejects.toBeRefusal(...notAllowed("direct"))
    await expect(aShare({ preview: true })).rejects.toBeRefusal(...notAllowed("preview"))
    expect(await aShare()).toMatchObject({ preview: false, direct: false })
  })

  it("keeps its conditions, but cannot move further from the settings or stay open longer", async () => {
    const share = await aShare({ expiresAt: inDays(5), password: "sesame" })
    const open = await aShare({ expiresAt: inDays(5) })
    await changeSettings(acting(await anAdmin()), { passwordRequired: true })
    const edit = (of: typeof share, edit: Parameters<typeof editShare>[2]) =>
      editShare(acting(of.ownerId), of.id, edit)

    expect(await edit(open, { title: "Plans", expiresAt: inDays(4) })).toMatchObject({
      title: "Plans",
    })
    await expect(edit(open, { expiresAt: inDays(6) })).rejects.toBeRefusal(
      ...notAllowed("password"),
    )
    await expect(edit(share, { password: null })).rejects.toBeRefusal(...notAllowed("password"))
    expect(await edit(open, { expiresAt: inDays(6), password: "sesame" })).toMatchObject({
      hasPassword: true,
    })
  })
})

describe("an upload under settings", () => {
  it("refuses a file that is too large, and says by how much", async () => {
    await changeSettings(acting(await anAdmin()), { maxFileBytes: 1_000 })
    const plan = { name: "plan.pdf", size: 3_000, contentType: "application/pdf" }
    await expect(startUpload(acting(await aMember()), plan)).rejects.toBeRefusal("too_large", {
      message: "“plan.pdf” is 2 kB over the maximum file size (1 kB).",
    })
  })
})

describe("the version before, which calls the table policy", () => {
  it("reads, sets and resets settings beside this version", async () => {
    const admin = await anAdmin()
    await changeSettings(acting(admin), { maxShareDays: 30 })
    expect(await db.$queryRaw`SELECT name, value FROM policy`).toEqual([
      { name: "maxShareDays", value: 30 },
    ])

    for (const days of [14, 15]) {
      await db.$executeRaw`
        INSERT INTO policy (name, value, changed_by_id)
        VALUES ('maxShareDays', ${days}::text::jsonb, ${admin}::uuid)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value,
          changed_by_id = excluded.changed_by_id, changed_at = statement_timestamp()`
      expect((await readSettings()).maxShareDays).toBe(days)
    }

    await db.$executeRaw`DELETE FROM policy WHERE name = 'maxShareDays'`
    expect((await readSettings()).maxShareDays).toBeNull()
  })

  it("keeps its settings that this version does not apply, names or takes", async () => {
    const [admin, owner] = [await anAdmin(), await aMember()]
    const before = { limitRequired: true, allowedTypes: ["pdf"], blockedTypes: ["exe"] }
    for (const [name, value] of Object.entries(before)) {
      await db.$executeRaw`
        INSERT INTO policy (name, value, changed_by_id)
        VALUES (${name}, ${JSON.stringify(value)}::jsonb, ${admin}::uuid)`
    }

    expect(await aShare({ owner })).toMatchObject({ status: "open", maxDownloads: null })
    const { id } = await aFile({ owner, name: "setup.exe" })
    expect((await renameFile(owner, id, "install.exe")).name).toBe("install.exe")
    const names = Object.keys(before)
    expect(Object.keys(await viewSettings(admin)).filter((name) => names.includes(name))).toEqual(
      [],
    )
    for (const name of names) {
      expect(SettingsChange.safeParse({ [name]: null }).error?.issues).toMatchObject([
        { code: "unrecognized_keys" },
      ])
    }
    await changeSettings(acting(admin), { maxShareDays: 30 })
    expect(await db.setting.count({ where: { name: { in: names } } })).toBe(3)
  })
})
