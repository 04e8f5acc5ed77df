import { describe, expect, it, vi } from "vitest"
import { ask } from "./ask.ts"

const ID = "0199f3a4-0000-7000-8000-000000000001"

async function sentBy(call: () => Promise<unknown>) {
  vi.stubGlobal("location", { pathname: "/shares" })
  const fetched = vi.spyOn(globalThis, "fetch").mockResolvedValue(Response.json({}))
  await call()
  const [url, { method, body } = {}] = fetched.mock.lastCall ?? []
  return [method, url, body]
}

describe("ask", () => {
  it("sends the call with its ids, query and body", async () => {
    const api = "/api/v1"
    expect(await sentBy(() => ask("PATCH /files/{id}", { id: ID, body: { name: "a" } }))).toEqual([
      "PATCH",
      `${api}/files/${ID}`,
      '{"name":"a"}',
    ])
    expect(await sentBy(() => ask("GET /files", { query: { q: "a b", path: "" } }))).toEqual([
      "GET",
      `${api}/files?q=a+b`,
      undefined,
    ])
    expect(await sentBy(() => ask("POST /shares/{id}/revoke", { id: ID }))).toEqual([
      "POST",
      `${api}/shares/${ID}/revoke`,
      "{}",
    ])
    expect((await sentBy(() => ask("DELETE /sessions", {})))[2]).toBeUndefined()
  })

  it("does not compile with what the call does not take", () => {
    const never = () => [
      // @ts-expect-error: there is no such call
      ask("GET /nothing", {}),
      // @ts-expect-error: the id is missing
      ask("GET /files/{id}", {}),
      // @ts-expect-error: the body is missing
      ask("POST /files/delete", {}),
      // @ts-expect-error: the field is unknown
      ask("PATCH /files/{id}", { id: ID, body: { nam: "a" } }),
      // @ts-expect-error: it takes no body
      ask("DELETE /files/{id}", { id: ID, body: {} }),
    ]
    expect(never).toBeTypeOf("function")
  })
})
