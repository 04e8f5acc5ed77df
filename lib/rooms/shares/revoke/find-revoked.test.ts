import { expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { aShare } from "#testing/builders/a-share.ts"
import { findRevoked } from "./find-revoked.ts"
import { revokeShares } from "./revoke-shares.ts"

it("says later what a revocation did", async () => {
  const [admin, owner] = [await anAdmin(), await aMember()]
  await aShare({ owner })
  await aShare({ owner })
  const one = await aShare()

  const both = await revokeShares(admin, { ownerId: owner })
  const other = await revokeShares(admin, { ids: [one.id] })

  expect(await findRevoked(admin, both.acts)).toMatchObject({ count: 2, exposedUntil: null })
  expect(await findRevoked(admin, other.acts)).toMatchObject({ count: 1 })
})

it("says until when a URL may work, as long as one may", async () => {
  const admin = await anAdmin()
  const share = await aShare({ aged: { minted: true } })
  const { acts, exposedUntil } = await revokeShares(admin, { ids: [share.id] })
  expect(exposedUntil).not.toBeNull()
  expect(await findRevoked(admin, acts)).toMatchObject({ count: 1, exposedUntil })

  await db.share.update({ where: { id: share.id }, data: { exposedUntil: new Date(0) } })

  expect(await findRevoked(admin, acts)).toMatchObject({ count: 1, exposedUntil: null })
})

it("finds no revocation of another admin, and nothing that is not a revocation", async () => {
  const admin = await anAdmin()
  const share = await aShare()
  const { acts } = await revokeShares(admin, { ids: [share.id] })
  expect(await findRevoked(await anAdmin(), acts)).toBeNull()

  await db.$executeRaw`UPDATE audit_entry SET action = 'share.restore'`

  expect(await findRevoked(admin, acts)).toBeNull()
  expect(await findRevoked(admin, [crypto.randomUUID()])).toBeNull()
})
