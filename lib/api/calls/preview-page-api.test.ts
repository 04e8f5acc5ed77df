import { expect, it } from "vitest"
import { NO_BRANDING } from "#lib/rooms/settings/branding.ts"
import { aLink } from "#testing/builders/a-link.ts"
import { anAdmin } from "#testing/builders/a-member.ts"
import { callApi } from "#testing/call-api.ts"
import { inDays } from "#testing/units.ts"
import { VISITOR_ASSETS } from "#testing/visitors/visitor-assets.ts"
import { createVisitor } from "#visitor/answer.ts"

const POST = "POST /shares/{id}/preview-page"

createVisitor(VISITOR_ASSETS)

const HOSTILE = `</title><script>alert(1)</script><img src=x onerror="alert(2)">`

it("answers the page as JSON, without scripts, also of what the owner typed", async () => {
  const { ownerId, shareId } = await aLink()
  const body = { title: HOSTILE, message: `${HOSTILE} https://example.org/"onclick="alert(3)` }

  const answer = await callApi(POST, { as: ownerId, id: shareId, body })

  expect(answer.headers.get("content-type")).toMatch(/^application\/json/)
  const { state, html } = await answer.json()
  expect(state).toBe("open")
  expect(html).toContain("&lt;/title&gt;&lt;script&gt;alert(1)")
  expect(html).not.toMatch(/<script|<img|\son\w+="/)
  // In a frame that may not open windows, the links of the page do nothing.
  expect(html).toContain('<base target="_blank"/>')
})

it("speaks the language and has the times of the owner's browser", async () => {
  const { ownerId, shareId } = await aLink()
  const expiresAt = inDays(1)
  expiresAt.setUTCHours(12, 0, 0, 0)
  const html = async (headers: Record<string, string>) => {
    const call = { as: ownerId, id: shareId, body: { expiresAt }, headers }
    return (await (await callApi(POST, call)).json()).html
  }

  expect(await html({})).toContain("12:00")
  expect(await html({ "accept-language": "de" })).toContain('lang="de"')
})

it("refuses conditions that could not be saved, with a sentence", async () => {
  const { ownerId, shareId } = await aLink()
  for (const body of [
    { maxDownloads: 0 },
    { expiresAt: "soon" },
    { message: "x".repeat(4_001) },
    { title: "x".repeat(201) },
    { hasPassword: "yes" },
  ]) {
    const answer = await callApi(POST, { as: ownerId, id: shareId, body })
    expect([answer.status, await answer.json()]).toMatchObject([
      400,
      { code: "invalid", field: Object.keys(body)[0], title: expect.stringMatching(/\w/) },
    ])
  }
})

it("shows admins the page in a branding that is not saved", async () => {
  const as = await anAdmin()
  const logo = `data:image/png;base64,${PNG}`
  const body = { ...NO_BRANDING, name: "Harbour & Co", accent: "#2f6f4f", note: HOSTILE, logo }
  const ask = (changed: object) =>
    callApi("POST /admin/settings/preview-page", { as, body: { ...body, ...changed } })

  const { state, html } = await (await ask({})).json()
  expect(state).toBe("open")
  expect(html).toContain("Harbour &amp; Co")
  expect(html).toContain("--light-accent:#2f6f4f")
  expect(html).toContain(`src="${logo}"`)
  expect(html).not.toMatch(/<script|\son\w+="/)

  const { settings: _, branding } = await (await callApi("GET /admin/settings", { as })).json()
  expect(branding).toEqual(NO_BRANDING)
  for (const wrong of [{ accent: "red" }, { logo: "data:image/svg+xml;base64,PHN2Zz4=" }]) {
    const answer = await ask(wrong)
    expect([answer.status, (await answer.json()).field]).toEqual([400, Object.keys(wrong)[0]])
  }
})

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]).toString("base64")
