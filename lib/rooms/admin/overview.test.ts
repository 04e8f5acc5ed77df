import { expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { deleteRequest, revokeRequest } from "#lib/rooms/requests/end-request.ts"
import { revokeShare } from "#lib/rooms/shares/revoke/revoke-share.ts"
import { aFile } from "#testing/builders/a-file.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { aRequest } from "#testing/builders/a-request.ts"
import { aShare } from "#testing/builders/a-share.ts"
import { inDays } from "#testing/units.ts"
import { countOfMembers } from "./member-counts.ts"
import { listFailingJobs, readOverview } from "./overview.ts"

it("counts the shares that are open, those and the requests that end within a day, and those that are new", async () => {
  const admin = await anAdmin()
  await aShare({ expiresAt: null, aged: { createdAt: inDays(-8) } })
  await aShare({ expiresAt: inDays(0.5) })
  await aShare({ expiresAt: inDays(3) })
  await aShare({ expiresAt: inDays(30) })
  await aShare({ aged: { expiresAt: inDays(-1) } })
  await aShare({ startsAt: inDays(0.2), expiresAt: inDays(0.6) })
  const { ownerId, id } = await aShare({ expiresAt: null })
  await revokeShare(ownerId, id)

  await aRequest({ owner: ownerId, expiresAt: inDays(0.5).toISOString() })
  await aRequest({ owner: ownerId })

  const { shares, lapsingRequests, members } = await readOverview(admin)
  expect(lapsingRequests).toBe(1)
  expect(shares).toEqual({ open: 4, lapsingInADay: 1, madeThisWeek: 6 })
  expect(members).toBe(8)
})

it("lists the members who use most", async () => {
  const [admin, small, large] = [await anAdmin(), await aMember(), await aMember({ name: "Max" })]
  await aFile({ owner: small })
  await aFile({ owner: large })
  await aFile({ owner: large })

  const { largest, usedBytes } = await readOverview(admin)
  expect(largest.map(({ id }) => id)).toEqual([large, small])
  expect(usedBytes).toBe(largest.reduce((sum, member) => sum + member.usedBytes, 0))
})

it("lists the jobs that failed and are not done", async () => {
  const admin = await anAdmin()
  expect(await listFailingJobs(admin)).toEqual({ count: 0, jobs: [] })
  await db.$executeRaw`SELECT graphile_worker.add_job('sweep', '{}'::json)`
  await db.$executeRaw`
    UPDATE graphile_worker._private_jobs SET attempts = 3, last_error = 'the disk is full'`
  const { count, jobs } = await listFailingJobs(admin)
  expect(count).toBe(1)
  expect(jobs).toMatchObject([{ task: "sweep", attempts: 3, maxAttempts: 25 }])
})

it("counts what each member has", async () => {
  const [admin, owner] = [await anAdmin(), await aMember()]
  const { id: fileId } = await aFile({ owner })
  await aShare({ owner, fileIds: [fileId] })
  await aShare({ owner, fileIds: [fileId], aged: { expiresAt: inDays(-1) } })
  await aRequest({ owner })
  await deleteRequest(owner, (await aRequest({ owner })).id, { files: "keep" })
  await revokeRequest(owner, (await aRequest({ owner })).id)
  const counts = await countOfMembers(admin, [admin, owner])
  expect(counts.get(owner)).toMatchObject({
    ...{ openShares: 1, shares: 2, openRequests: 1, requests: 2, files: 1 },
  })
  expect(counts.get(admin)).toMatchObject({
    ...{ openShares: 0, shares: 0, openRequests: 0, requests: 0, files: 0 },
  })
})
