import { IncomingMessage } from "node:http"
import { Socket } from "node:net"
import { describe, expect, it } from "vitest"
import { Refusal } from "#lib/errors.ts"
import { requireAction } from "./require-action.ts"

const ID = `7f${"a".repeat(40)}`
const UNKNOWN = `7f${"0".repeat(40)}`
const app = { origin: "https://share.example.org", hasAction: (id: string) => id === ID }

type Sent = { headers?: Record<string, string>; url?: string; method?: string }
type Field = [name: string, value: string]

/** The code of the refusal, or null where Next gets the request. */
async function refusalOf(body: string | Field[], { headers = {}, ...rest }: Sent = {}) {
  const sent = typeof body === "string" ? { type: "text/plain", text: body } : await multipart(body)
  const request = Object.assign(new IncomingMessage(new Socket()), {
    method: "POST",
    url: "/sign-in",
    ...rest,
    headers: { "content-type": sent.type, ...headers },
  })
  return requireAction(request, Buffer.from(sent.text), app).then(
    () => null,
    (error) => (error instanceof Refusal ? error.code : error),
  )
}

async function multipart(fields: Field[]) {
  const form = new FormData()
  for (const [name, value] of fields) form.append(name, value)
  const response = new Response(form)
  return { type: response.headers.get("content-type") ?? "", text: await response.text() }
}

const asked = (id = ID) => ({ headers: { "next-action": id } })
const reference = (id: string): Field[] => [
  ["$ACTION_REF_1", ""],
  ["$ACTION_1:0", JSON.stringify({ id, bound: "$@1" })],
  ["$ACTION_1:1", "[null]"],
]

describe("a form or an action", () => {
  it("reaches Next as browsers send it, with JavaScript and without", async () => {
    expect(
      await refusalOf(
        [
          ["0", '[null,"$K1"]'],
          ["1_email", "a@b.cc"],
        ],
        asked(),
      ),
    ).toBeNull()
    expect(await refusalOf("[]", asked())).toBeNull()
    expect(await refusalOf([...reference(ID), ["email", "a@b.cc"]])).toBeNull()
    expect(await refusalOf([[`$ACTION_ID_${ID}`, ""]])).toBeNull()
    const own = { headers: { origin: app.origin } }
    expect(await refusalOf([[`$ACTION_ID_${ID}`, ""]], own)).toBeNull()
  })

  it("that the app does not have is not found, however its id is sent", async () => {
    for (const id of [UNKNOWN, "garbage", "toString", "__proto__", ""]) {
      expect([id, await refusalOf("[]", asked(id))]).toEqual([id, "not_found"])
      expect([id, await refusalOf([[`$ACTION_ID_${id}`, ""]])]).toEqual([id, "not_found"])
      expect([id, await refusalOf(reference(id))]).toEqual([id, "not_found"])
    }
    expect(await refusalOf([...reference(ID), [`$ACTION_ID_${UNKNOWN}`, ""]])).toBe("not_found")
  })

  it("of another site is forbidden, whatever it calls itself", async () => {
    for (const origin of [
      "https://evil.example",
      "null",
      "garbage",
      "",
      `${app.origin}.evil.example`,
    ]) {
      const headers = { origin, "next-action": ID }
      expect([origin, await refusalOf("[]", { headers })]).toEqual([origin, "forbidden"])
    }
  })

  it("that cannot be read is invalid", async () => {
    for (const body of ["", "[[[", "{", "--x\r\n\r\nzzz"]) {
      expect([body, await refusalOf(body, asked())]).toEqual([body, "invalid"])
      const headers = { "content-type": "multipart/form-data; boundary=x" }
      expect([body, await refusalOf(body, { headers })]).toEqual([body, "invalid"])
    }
    const fields: Field[][] = [
      [["x", "y"]],
      [["$ACTION_REF_1", ""]],
      [
        ["$ACTION_REF_1", ""],
        ["$ACTION_1:0", "[[["],
      ],
      [...reference(ID), ["$ACTION_1:0", "{}"]],
      [1, 2, 3].map((): Field => [`$ACTION_ID_${ID}`, ""]),
    ]
    for (const form of fields) expect([form, await refusalOf(form)]).toEqual([form, "invalid"])
  })

  it("that nests deep in the fields of its arguments is invalid, but any text may hold brackets", async () => {
    const deep = " ".repeat(100) + "[".repeat(1_000)
    expect(await refusalOf([["0", deep]], asked())).toBe("invalid")
    expect(
      await refusalOf(
        [
          ["0", "[]"],
          ["17", deep],
        ],
        asked(),
      ),
    ).toBe("invalid")
    expect(await refusalOf([...reference(ID), ["$ACTION_1:2", deep]])).toBe("invalid")
    expect(
      await refusalOf(
        [
          ["0", '[null,"$K1"]'],
          ["1_message", deep],
        ],
        asked(),
      ),
    ).toBeNull()
    expect(await refusalOf([...reference(ID), ["message", deep]])).toBeNull()
  })

  it("is none in a call of the API, or in a body of another kind", async () => {
    expect(await refusalOf([["x", "y"]], { url: "/api/auth/signout" })).toBeNull()
    const headers = { "content-type": "application/x-www-form-urlencoded", origin: "null" }
    expect(await refusalOf("a=b", { headers })).toBeNull()
  })
})
