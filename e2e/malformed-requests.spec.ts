import type { Page } from "@playwright/test"
import { expect, test } from "./fixtures.ts"
import { sendRaw } from "./raw-request.ts"

test("a made-up action is 404, and one whose arguments cannot be read 400, without a word in the log", async ({
  stranger,
  owner,
  visitor,
  installation,
}) => {
  const person = await stranger()
  const action = await actionOf(visitor)
  const from = installation.lines().length
  const headers = { Origin: installation.url, Accept: "*/*" }
  const form = (fields: Record<string, string>) => ({ headers, multipart: fields })
  const call = (id: string, data: string) => ({
    headers: { ...headers, "Next-Action": id, "Content-Type": "text/plain;charset=UTF-8" },
    data: Buffer.from(data),
  })
  const reference = (id: string) => ({
    $ACTION_REF_1: "",
    "$ACTION_1:0": JSON.stringify({ id, bound: "$@1" }),
  })
  const unknown = `7f${"0".repeat(40)}`

  for (const client of [person, owner.context]) {
    for (const id of [unknown, "garbage", "toString", "__proto__"]) {
      for (const sent of [
        call(id, "[]"),
        form(reference(id)),
        form({ [`$ACTION_ID_${id}`]: "" }),
      ]) {
        expect([id, (await client.post("/sign-in", sent)).status()]).toEqual([id, 404])
      }
    }
    for (const text of [
      "[[[",
      "[]",
      "{}",
      "null",
      "5",
      "[null,1]",
      '["$1"]',
      '["$@1"]',
      '["$h1"]',
      '["$B1"]',
      '["$zz"]',
      '["$1:__proto__:constructor"]',
      `[1${",1".repeat(1100)}]`,
    ]) {
      const answer = await client.post("/sign-in", call(action, text))
      expect([text, answer.status()]).toEqual([text, 400])
    }
    for (const fields of [
      { x: "y" },
      { $ACTION_REF_1: "" },
      { ...reference(action), "$ACTION_1:0": "[[[" },
      { ...reference(action), "$ACTION_1:1": "[[[" },
      { ...reference(action), "$ACTION_1:1": "[1,2,3]" },
      { ...reference(action), "$ACTION_1:1": '["$h2"]', "$ACTION_1:2": '{"id":"x"}' },
      { ...reference(action), "$ACTION_1:1": "[".repeat(5_000) },
      { [`$ACTION_ID_${action}`]: "" },
    ]) {
      const answer = await client.post("/sign-in", form(fields))
      expect([fields, answer.status()]).toEqual([fields, 400])
    }
  }
  expect(installation.lines(from)).toEqual([])
})

test("an action of another site is forbidden, without a word in the log", async ({
  stranger,
  visitor,
  installation,
}) => {
  const person = await stranger()
  const action = await actionOf(visitor)
  const from = installation.lines().length
  for (const origin of ["https://evil.example", "null", "garbage"]) {
    const headers = { Origin: origin }
    const called = { headers: { ...headers, "Next-Action": action }, data: "[]" }
    const sent = { headers, multipart: { [`$ACTION_ID_${action}`]: "" } }
    expect((await person.post("/sign-in", called)).status()).toBe(403)
    expect((await person.post("/sign-in", sent)).status()).toBe(403)
  }
  expect(installation.lines(from)).toEqual([])
})

test("an action that belongs to another page keeps the client, and warns of no proxy", async ({
  stranger,
  visitor,
  installation,
}) => {
  const person = await stranger()
  const action = await actionOf(visitor)
  const from = installation.lines().length
  const answer = await person.post("/setup", {
    headers: { Origin: installation.url, "Next-Action": action },
    multipart: {
      "0": '[null,"$K1"]',
      "1_email": "no.such@example.org",
      "1_password": "a wrong one",
    },
  })
  expect(answer.status()).toBe(200)
  expect(installation.lines(from)).toEqual([])
})

/** The id of the action that the sign-in page's form sends. */
async function actionOf(page: Page) {
  await page.goto("/sign-in")
  const field = page.locator('input[name$=":0"]')
  const { id } = JSON.parse((await field.getAttribute("value")) ?? "{}")
  return String(id)
}

test("next-auth answers 400 to a callbackUrl or an error that is none, and logs nothing", async ({
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
  expect(installation.lines(from)).toEqual([])
})

test("nothing of Next answers that the app does not use, and no method that no route knows", async ({
  stranger,
}) => {
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

test("a router state that is none, or two hosts, are 400", async ({ stranger, installation }) => {
  const person = await stranger()
  for (const state of ["x", "%", "{}", '["",{"children":[]}]']) {
    for (const path of ["/sign-in", "/nowhere"]) {
      const headers = { RSC: "1", "Next-Router-State-Tree": state }
      expect([state, path, (await person.get(path, { headers })).status()]).toEqual([
        state,
        path,
        400,
      ])
    }
  }
  const two = ["GET /sign-in HTTP/1.1", "Host: elsewhere.example", "Connection: close"]
  expect((await sendRaw(installation.url, two)).status).toBe(400)
})

// Each took Next seconds, in which nothing else was answered.
test("headers of 15,000 letters hold nobody up", async ({ stranger, installation }) => {
  test.setTimeout(120_000)
  const person = await stranger()
  const names = ["User-Agent", "Accept-Language", "Referer", "Accept", "Cookie", "If-None-Match"]
  const more = ["Accept-Encoding", "Range", "Content-Type", "Next-Url", "Sec-CH-UA", "Origin"]
  for (const name of [...names, ...more]) {
    for (const fill of ["a", " ", "Google", "a=b; ", "(", '"', "en,"]) {
      const value = `x${fill.repeat(15_000 / fill.length)}x`.slice(0, 15_000)
      const asked = Array.from({ length: 3 }, () =>
        fetch(`${installation.url}/sign-in`, { headers: { [name]: value } }),
      )
      const began = performance.now()
      expect((await person.get("/api/live")).status()).toBe(204)
      expect(performance.now() - began, `${name}: ${fill}`).toBeLessThan(1_500)
      for (const answer of await Promise.all(asked)) {
        expect([name, fill, answer.status < 500]).toEqual([name, fill, true])
        await answer.arrayBuffer()
      }
    }
  }
})
