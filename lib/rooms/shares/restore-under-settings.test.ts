import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import type { RefusalCode } from "#lib/adapters/errors.ts"
import { changeSettings } from "#lib/rooms/admin/change-settings.ts"
import type { SettingsChange } from "#lib/rooms/settings/setting.ts"
import { anAdmin } from "#testing/builders/a-member.ts"
import { aShare } from "#testing/builders/a-share.ts"
import { acting } from "#testing/builders/acting.ts"
import { inDays } from "#testing/units.ts"
import { editShare } from "./edit/edit-share.ts"
import { requireShare } from "./require-share.ts"
import { restoreShare, restoreShareAsAdmin } from "./revoke/restore-share.ts"
import { revokeShare } from "./revoke/revoke-share.ts"

async function aRevokedShare(conditions: Parameters<typeof aShare>[0] = {}) {
  const share = await aShare(conditions)
  await revokeShare(share.ownerId, share.id)
  return share
}

const openShares = () => db.share.count({ where: { revokedAt: null } })

const cases: [
  string,
  SettingsChange,
  [RefusalCode, { field: string }],
  Parameters<typeof editShare>[2],
][] = [
  [
    "without a password",
    { passwordRequired: true },
    ["not_allowed", { field: "password" }],
    { password: "open sesame" },
  ],
  [
    "that ends too late",
    { maxShareDays: 3 },
    ["invalid", { field: "expiresAt" }],
    { expiresAt: inDays(2) },
  ],
]

describe("a share that its owner revoked before a policy", () => {
  it.each(cases)(
    "%s is restored once it has what is missing",
    async (_, setting, refusal, edit) => {
      const admin = await anAdmin()
      const { id, ownerId } = await aRevokedShare({ expiresAt: inDays(9) })
      await changeSettings(acting(admin), setting)

      await expect(restoreShare(acting(ownerId), id)).rejects.toBeRefusal(...refusal)
      expect(await requireShare(ownerId, id)).toMatchObject({ status: "revoked" })
      expect(await db.auditEntry.count({ where: { action: "share.restore" } })).toBe(0)

      await editShare(acting(ownerId), id, edit)
      expect(await restoreShare(acting(ownerId), id)).toMatchObject({ status: "open" })
    },
  )

  it("comes back without previews and direct links if those are switched off", async () => {
    const admin = await anAdmin()
    const { id, ownerId } = await aRevokedShare({ direct: true })
    await changeSettings(acting(admin), { previews: false, directLinks: false })
    expect(await restoreShare(acting(ownerId), id)).toMatchObject({ status: "open" })
  })

  it("stays closed if it has lapsed meanwhile, so no setting applies to it", async () => {
    const admin = await anAdmin()
    const { id, ownerId } = await aRevokedShare()
    await db.share.update({ where: { id }, data: { expiresAt: inDays(-1) } })
    await changeSettings(acting(admin), { passwordRequired: true })
    expect(await restoreShare(acting(ownerId), id)).toMatchObject({ status: "expired" })
    await expect(editShare(acting(ownerId), id, { expiresAt: inDays(1) })).rejects.toBeRefusal(
      "not_allowed",
      { field: "password" },
    )
  })

  it("is restored unchanged by an admin", async () => {
    const admin = await anAdmin()
    const { id } = await aRevokedShare()
    await changeSettings(acting(admin), { passwordRequired: true })
    expect(await restoreShareAsAdmin(admin, id)).toMatchObject({ status: "open" })
  })

  it("is open once the change of the setting returned, or stays closed", async () => {
    for (let round = 0; round < 10; round++) {
      const admin = await anAdmin()
      const { id, ownerId } = await aRevokedShare()
      const restoring = restoreShare(acting(ownerId), id).catch((error: unknown) => error)
      await changeSettings(acting(admin), { passwordRequired: true })
      const open = await openShares()
      const restored = await restoring
      expect([open, await openShares()]).toEqual(restored instanceof Error ? [0, 0] : [1, 1])
      await db.share.deleteMany()
      await changeSettings(acting(admin), { reset: ["passwordRequired"] })
    }
  })
})

describe("a share that is used up", () => {
  it("is opened again by a higher limit only if a new share could be made like that", async () => {
    const admin = await anAdmin()
    const { id, ownerId } = await aShare({ maxDownloads: 1, expiresAt: inDays(9) })
    await db.share.update({ where: { id }, data: { downloads: 1 } })
    await changeSettings(acting(admin), { passwordRequired: true, maxShareDays: 3 })

    const more = { maxDownloads: 5 }
    await expect(editShare(acting(ownerId), id, more)).rejects.toBeRefusal("not_allowed", {
      field: "password",
    })
    const secured = { ...more, password: "open sesame" }
    await expect(editShare(acting(ownerId), id, secured)).rejects.toBeRefusal("invalid", {
      field: "expiresAt",
    })
    const right = { ...secured, expiresAt: inDays(2) }
    expect(await editShare(acting(ownerId), id, right)).toMatchObject({ status: "open" })
  })
})
