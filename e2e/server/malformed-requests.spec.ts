import { expect, test } from "../fixtures.ts"
import { sendRaw } from "../network/raw-request.ts"

const SIGN_IN = "/api/auth/callback/credentials"

type Asked = [status: number, method: string, path: string, options?: object]

test("requests that no page sends are refused, never by a 500, sign nobody in and leave nothing in the log", async ({
  stranger,
  owner,
  admin,
  installation,
}) => {
  const person = await stranger()
  const from = installation.lines().length
  const Origin = installation.url
  const id = `7f${"0".repeat(40)}`
  const action = {
    headers: { Origin, "Next-Action": id, "Content-Type": "text/plain" },
    data: "[]",
  }
  const reference = { $ACTION_REF_1: "", "$ACTION_1:0": `{"id":"${id}"}` }
  const credentials = { email: owner.email, password: owner.password }
  const cursor = Buffer.from("2026-02-30T00:00:00.000000Z 01a20e37-1124-7000-b66b-5d65dec0defa")
  const asked: Asked[] = [
    [405, "POST", "/shares", action],
    [405, "POST", "/sign-in", { headers: { Origin }, multipart: reference }],
    [400, "POST", SIGN_IN, action],
    [400, "POST", SIGN_IN, { headers: { Origin }, multipart: reference }],
    [403, "POST", SIGN_IN, { headers: { Origin }, data: credentials }],
    [405, "GET", SIGN_IN],
    [405, "HEAD", SIGN_IN],
    [403, "POST", SIGN_IN, { headers: { Origin: "null" }, form: credentials }],
    [403, "POST", SIGN_IN, { headers: { Origin: "https://evil.example" }, form: credentials }],
    [404, "POST", "/auth/nothing", { headers: { Origin }, form: credentials }],
    [400, "GET", "/api/auth/signin?callbackUrl=%5B"],
    [400, "GET", "/api/auth/csrf", { headers: { Cookie: "next-auth.callback-url=garbage" } }],
    [404, "GET", "/_next/image?url=%2Ficon.svg&w=64&q=75"],
    [405, "TRACE", "/sign-in"],
    [405, "PROPFIND", "/api/v1/me"],
    [404, "GET", "/invite/%ff"],
    [404, "GET", "/shares/%ff"],
    [404, "GET", "/api/v1/files/%ff"],
    [404, "GET", "/api/v1/shares/%00"],
    [404, "GET", "/api/auth/%ff"],
    [400, "GET", "/sign-in", { headers: { RSC: "1", "Next-Router-State-Tree": "[]" } }],
  ]
  for (const [status, method, path, options] of asked) {
    const answer = await person.fetch(path, { method, ...options })
    expect([method, path, answer.status()]).toEqual([method, path, status])
  }
  expect((await person.storageState()).cookies.filter(({ name }) => /session/.test(name))).toEqual(
    [],
  )
  const ofMembers = [
    await owner.get(`/shares?cursor=${cursor.toString("base64url")}`),
    await owner.get("/shares?q=%00"),
    await owner.get("/shares/%ff"),
    await admin.get("/admin/users?q=%00"),
    await admin.get("/admin/audit?targetId=%00"),
    await admin.get("/admin/shares?q=a%00b"),
  ]
  expect(ofMembers.map((answer) => answer.status())).toEqual([400, 200, 404, 200, 200, 200])
  const two = ["GET /sign-in HTTP/1.1", "Host: elsewhere.example", "Connection: close"]
  expect((await sendRaw(installation.url, two)).status).toBe(400)

  // A job seals the audit log every minute.
  const logged = installation
    .lines(from)
    .filter((line) => !/the (head of the )?audit log/.test(line))
  expect(logged).toEqual([])
})
