import { expect, it } from "vitest"
import { changePolicies } from "#lib/admin/change-policies.ts"
import { db } from "#lib/db.ts"
import { aLink } from "#testing/a-link.ts"
import { anAdmin } from "#testing/a-member.ts"
import { aVisitor, leadsToStore } from "#testing/a-visitor.ts"

const asksForJson = { accept: "application/json" }
const curl = { "user-agent": "curl/8.14.1", accept: "*/*" }

it("nothing can be looked at once an admin switched previews off, and again when they are on", async () => {
  const link = await aLink({ files: ["plan.pdf"] })
  const admin = await anAdmin()
  const { go } = aVisitor()
  const page = `/s/${link.token}`
  const file = `${page}/p/${link.fileId}`
  expect(String((await go(page)).body)).toContain(`/p/${link.fileId}`)
  expect((await go(file)).status).toBe(302)

  await changePolicies(admin, { previews: false })
  expect(String((await go(page)).body)).not.toContain(`/p/${link.fileId}`)
  expect((await go(file, { method: "HEAD" })).status).toBe(403)
  const refused = await go(file, { headers: asksForJson })
  expect([refused.status, JSON.parse(String(refused.body)).code]).toEqual([403, "no_preview"])

  await changePolicies(admin, { previews: true })
  expect((await go(file)).status).toBe(302)
})

it("a link from which nothing was taken yet can be downloaded while previews are off", async () => {
  const link = await aLink({ files: ["plan.pdf"], minted: false })
  await changePolicies(await anAdmin(), { previews: false })

  const click = await aVisitor().go(`/s/${link.token}/d/${link.fileId}`, { method: "POST" })
  expect(leadsToStore(click)).toBe(true)
})

it.each([true, false])(
  "a direct link leads to its page once they are off, used before: %o",
  async (minted) => {
    const link = await aLink({ direct: true, minted })
    const admin = await anAdmin()
    const file = `/s/${link.token}/d/${link.fileId}`
    const ask = () => aVisitor({ headers: curl }).go(file)

    await changePolicies(admin, { directLinks: false })
    expect(leadsToStore(await ask())).toBe(false)
    expect(await db.event.count({ where: { kind: "claim" } })).toBe(0)

    await changePolicies(admin, { directLinks: true })
    expect(leadsToStore(await ask())).toBe(true)
  },
)
