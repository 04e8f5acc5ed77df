import { expect, test } from "./fixtures.ts"

// Next says so of every action that it does not have: after an update browsers still ask for some.
test.use({ allowed: [/Failed to find Server Action/] })

test("what cannot be read is 400 or 404, never an error of ours, and leaves no stack in the log", async ({
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

  const Origin = installation.url
  for (const headers of [
    { "Next-Action": "garbage" },
    { "Next-Action": "0".repeat(42), "Content-Type": "text/plain;charset=UTF-8" },
    { "Content-Type": "multipart/form-data" },
    { "Content-Type": "multipart/form-data; boundary=x" },
  ]) {
    for (const data of ["", "[[[", "--x\r\n\r\nzzz"]) {
      const answer = await person.post("/sign-in", { headers: { ...headers, Origin }, data })
      expect([headers, data, answer.status() < 500]).toEqual([headers, data, true])
    }
  }
})
