import { expect, test } from "../fixtures.ts"
import type { Installation } from "../installation/start-installation.ts"
import { sendRaw } from "../network/raw-request.ts"

test("a POST to a page is 405 and an unknown server action 400, without a log entry", async ({
  stranger,
  owner,
  installation,
}) => {
  const person = await stranger()
  const from = installation.lines().length
  const id = `7f${"0".repeat(40)}`
  const Origin = installation.url
  const sent = [
    { headers: { Origin, "Next-Action": id, "Content-Type": "text/plain" }, data: "[]" },
    { headers: { Origin, "Next-Action": "garbage" }, data: "[[[" },
    { headers: { Origin }, multipart: { [`$ACTION_ID_${id}`]: "" } },
    { headers: { Origin }, multipart: { $ACTION_REF_1: "", "$ACTION_1:0": `{"id":"${id}"}` } },
    { headers: { Origin: "https://evil.example" }, multipart: { x: "y" } },
    { headers: { Origin, "Content-Type": "multipart/form-data; boundary=x" }, data: "zzz" },
  ]
  for (const client of [person, owner.context]) {
    for (const request of sent) {
      for (const path of ["/sign-in", "/setup", "/shares", "/nowhere"])
        expect([path, (await client.post(path, request)).status()]).toEqual([path, 405])
      for (const path of ["/api/nothing", "/auth/nothing", "/auth/sign-in"])
        expect([path, (await client.post(path, request)).status()]).toEqual([path, 400])
    }
  }
  const form = { headers: { Origin }, form: { email: "no.such@example.org" } }
  expect((await person.post("/auth/nothing", form)).status()).toBe(404)
  expect((await person.post("/sign-in", form)).status()).toBe(405)
  for (const method of ["GET", "HEAD", "PATCH"])
    expect((await person.fetch("/auth/sign-in", { method })).status()).toBe(405)
  expect(linesOfRequests(installation, from)).toEqual([])
})

test("a form of another site signs nobody in, and an invalid one is 400", async ({
  owner,
  stranger,
  installation,
}) => {
  const { email, password } = owner
  const from = installation.lines().length
  for (const Origin of ["https://evil.example", "null", "garbage", ""]) {
    const person = await stranger()
    const answer = await person.post("/auth/sign-in", {
      headers: { Origin },
      form: { email, password },
    })
    expect([Origin, answer.status()]).toEqual([Origin, 403])
    expect((await person.storageState()).cookies).toEqual([])
  }
  const person = await stranger()
  for (const data of [{ email, password }, "email=a&password=b"]) {
    const headers = { Origin: installation.url, "Content-Type": "application/json" }
    const answer = await person.post("/auth/sign-in", { headers, data })
    expect(answer.status()).toBe(400)
    expect(await answer.text()).toContain("<h1>")
  }
  expect(linesOfRequests(installation, from)).toEqual([])
})

test("next-auth answers 400 to an invalid callbackUrl or error, and logs nothing", async ({
  stranger,
  installation,
}) => {
  const person = await stranger()
  const from = installation.lines().length
  for (const path of [
    "/api/auth/signin?callbackUrl=%5B",
    "/api/auth/providers?callbackUrl=http%3A%2F%2F%5B",
    "/api/auth/session?callbackUrl=javascript%3A1",
    "/api/auth/error?error=%00",
    "/api/auth/error/%C5%BE",
  ]) {
    expect([path, (await person.get(path)).status()]).toEqual([path, 400])
  }
  const cookie = { Cookie: "next-auth.callback-url=garbage" }
  expect((await person.get("/api/auth/csrf", { headers: cookie })).status()).toBe(400)
  const { csrfToken } = await (await person.get("/api/auth/csrf")).json()
  for (const wrong of [{ email: { a: 1 } }, { email: "a@example.org", password: [1] }]) {
    const data = { csrfToken, ...wrong }
    const answer = await person.post("/api/auth/callback/credentials", { data })
    expect([wrong, answer.status()]).toEqual([wrong, 400])
  }
  expect(linesOfRequests(installation, from)).toEqual([])
})

test("unused endpoints of Next and unsupported methods do not answer", async ({ stranger }) => {
  const person = await stranger()
  for (const path of [
    "/_global-error",
    "/_not-found",
    "/_next/image?url=%2Ficon.svg&w=64&q=75",
    "/%5fnext/image?url=%2Ficon.svg&w=64&q=75",
    "/_next/data/x/sign-in.json",
    "/_next/static/",
    "/__nextjs_original-stack-frames",
  ]) {
    expect([path, (await person.get(path)).status()]).toEqual([path, 404])
  }
  for (const method of ["TRACE", "OPTIONS", "PUT", "PROPFIND"]) {
    for (const path of ["/", "/sign-in", "/api/v1/me", "/api/auth/csrf"]) {
      const answer = await person.fetch(path, { method })
      expect([method, path, answer.status()]).toEqual([method, path, 405])
    }
  }
})

test("malformed requests are 400 or 404, never a 500, and leave no stack trace in the log", async ({
  stranger,
  owner,
  admin,
  installation,
}) => {
  const person = await stranger()
  const statuses: [string, number][] = []
  for (const path of [
    "/invite/%ff",
    "/shares/%ff",
    "/api/v1/files/%ff",
    "/api/v1/shares/%00",
    "/api/auth/%ff",
    "/_next/image?url=%2Ficon.svg&w=64&q=75",
  ]) {
    for (const client of [person, owner.context]) {
      statuses.push([path, (await client.get(path)).status()])
    }
  }
  expect(statuses.filter(([, status]) => status !== 404)).toEqual([])

  const cursor = Buffer.from("2026-02-30T00:00:00.000000Z 01a20e37-1124-7000-b66b-5d65dec0defa")
  const asked = [
    await owner.get(`/shares?cursor=${cursor.toString("base64url")}`),
    await owner.get("/shares?q=%00"),
    await admin.get("/admin/users?q=%00"),
    await admin.get("/admin/audit?targetId=%00"),
    await admin.get("/admin/shares?q=a%00b"),
  ]
  expect(asked.map((answer) => answer.status())).toEqual([400, 200, 200, 200, 200])

  for (const state of ["x", "%", "{}", "[]"]) {
    const headers = { RSC: "1", "Next-Router-State-Tree": state }
    expect([state, (await person.get("/sign-in", { headers })).status()]).toEqual([state, 400])
  }
  const two = ["GET /sign-in HTTP/1.1", "Host: elsewhere.example", "Connection: close"]
  expect((await sendRaw(installation.url, two)).status).toBe(400)
})

/** The log without the job that seals the audit log every minute. */
const linesOfRequests = (installation: Installation, from: number) =>
  installation.lines(from).filter((line) => !/the (head of the )?audit log/.test(line))
