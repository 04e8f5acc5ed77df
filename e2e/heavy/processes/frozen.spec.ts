import type { APIResponse } from "@playwright/test"
import { expect } from "../../fixtures.ts"
import { test } from "../../installation/own-installation.ts"
import { click } from "../../network/send-click.ts"

test("while the database is frozen every page and call says so within ten seconds, and then everything works again", async ({
  own,
  member,
}) => {
  test.setTimeout(120_000)
  const share = await member.share("survey.pdf", { maxDownloads: 3 })
  const { context } = member
  const asks: [string, () => Promise<APIResponse>][] = [
    ["members' page", () => context.get("/shares")],
    ["sign-in", () => context.get("/sign-in")],
    ["call", () => member.get("/shares")],
    ["revoke", () => member.post(`/shares/${share.id}/revoke`)],
    ["link", () => context.get(share.url)],
    ["click", () => click(context, share)],
    ["health", () => context.get("/api/health")],
  ]
  for (const [, ask] of asks.slice(0, 3)) expect((await ask()).status()).toBe(200)

  const resume = own.freeze("database")
  // Twice: on the existing connections, then on new ones.
  for (let round = 0; round < 2; round++) {
    await Promise.all(
      asks.map(async ([name, ask]) => {
        const since = Date.now()
        expect((await ask()).status(), name).toBe(503)
        expect(Date.now() - since, name).toBeLessThan(10_000)
      }),
    )
  }
  expect((await context.get("/api/live")).status()).toBe(204)
  // The startup probe of deploy/kubernetes.yaml.
  expect((await context.get("/favicon.ico")).status()).toBe(200)
  resume()

  await expect.poll(async () => (await context.get("/api/health")).status()).toBe(200)
  // A revocation without an answer may have been done.
  const { status } = await member.readShare(share.id)
  expect(["open", "revoked"]).toContain(status)
  const failed = /"msg":"(a request|an API call|a visitor's request) failed"/
  expect(own.lines().filter((line) => failed.test(line))).toEqual([])
})

test("while the object store is frozen uploads and health say so within 15 seconds", async ({
  own,
  member,
}) => {
  test.setTimeout(120_000)
  const share = await member.share("survey.pdf")
  const file = await member.post("/files", {
    name: "late.txt",
    size: 4,
    contentType: "text/plain",
  })
  const { file: late, upload } = await file.json()
  const put = await fetch(upload.url, { method: "PUT", headers: upload.headers, body: "late" })
  expect(put.status).toBe(200)

  const resume = own.freeze("store")
  const since = Date.now()
  const [finished, health] = await Promise.all([
    member.post(`/files/${late.id}/complete`),
    member.context.get("/api/health"),
  ])
  expect([finished.status(), health.status()]).toEqual([503, 503])
  expect(Date.now() - since).toBeLessThan(15_000)
  // A click only signs and does not contact the store.
  expect((await click(member.context, share)).status()).toBe(303)
  resume()

  expect((await member.post(`/files/${late.id}/complete`)).status()).toBe(200)
})
