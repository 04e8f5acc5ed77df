import { expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { changeSettings } from "#lib/rooms/admin/change-settings.ts"
import { aLink } from "#testing/builders/a-link.ts"
import { anAdmin } from "#testing/builders/a-member.ts"
import { acting } from "#testing/builders/acting.ts"
import { aClient, isSigned } from "#testing/visitors/visitor-client.ts"

const asksForJson = { accept: "application/json" }

it("no file has a preview while an admin has switched previews off", async () => {
  const link = await aLink({ files: ["plan.pdf"] })
  const admin = await anAdmin()
  const { send } = aClient()
  const page = `/s/${link.token}`
  const file = `${page}/p/${link.fileId}`
  expect(String((await send("GET", page)).body)).toContain(`/p/${link.fileId}`)
  expect((await send("GET", file)).status).toBe(302)

  await changeSettings(acting(admin), { previews: false })
  expect(String((await send("GET", page)).body)).not.toContain(`/p/${link.fileId}`)
  expect((await send("HEAD", file)).status).toBe(403)
  const refused = await send("GET", file, { headers: asksForJson })
  expect([refused.status, JSON.parse(String(refused.body)).code]).toEqual([403, "no_preview"])

  await changeSettings(acting(admin), { previews: true })
  expect((await send("GET", file)).status).toBe(302)
})

it("a link without downloads can be downloaded while previews are off", async () => {
  const link = await aLink({ files: ["plan.pdf"], minted: false })
  await changeSettings(acting(await anAdmin()), { previews: false })

  const click = await aClient().send("POST", `/s/${link.token}/d/${link.fileId}`)
  expect(isSigned(click)).toBe(true)
})

it.each([true, false])(
  "a direct link leads to its page once they are off, used before: %o",
  async (minted) => {
    const link = await aLink({ direct: true, minted })
    const admin = await anAdmin()
    const file = `/s/${link.token}/d/${link.fileId}`
    const ask = () => aClient().send("GET", file, { by: "library" })

    await changeSettings(acting(admin), { directLinks: false })
    expect(isSigned(await ask())).toBe(false)
    expect(await db.event.count({ where: { kind: "claim" } })).toBe(0)

    await changeSettings(acting(admin), { directLinks: true })
    expect(isSigned(await ask())).toBe(true)
  },
)
