import { Validator } from "@seriousme/openapi-schema-validator"
import { describe, expect, it } from "vitest"
import { GET } from "#app/api/v1/openapi.json/route.ts"
import { REFUSALS } from "#lib/adapters/errors.ts"
import { CALLS } from "./calls/all-calls.ts"
import { GUEST_CALLS } from "./calls/guests.ts"
import { openApi } from "./open-api.ts"

const ALL = [...CALLS, ...GUEST_CALLS]
const document = openApi(ALL)
const operations = Object.entries(document.paths).flatMap(([path, { servers: _, ...methods }]) =>
  Object.entries(methods).map(([method, operation]) => ({
    at: `${method.toUpperCase()} ${path}`,
    operation: operation as Record<string, unknown>,
  })),
)

describe("the OpenAPI document", () => {
  it("is valid OpenAPI 3.1, and answered to anyone", async () => {
    const answer = GET()
    expect(answer.headers.get("content-type")).toBe("application/json")
    const told = await answer.json()
    expect(told).toEqual(JSON.parse(JSON.stringify(document)))

    const { valid, errors } = await new Validator().validate(told)
    expect([valid, errors]).toEqual([true, undefined])
  })

  it("has every call, each with a name of its own, and resolves all of its references", () => {
    expect(operations.map(({ at }) => at).sort()).toEqual(ALL.map(({ at }) => at).sort())
    const names = operations.map(({ operation }) => operation.operationId)
    expect(new Set(names).size).toBe(ALL.length)
    const text = JSON.stringify(document)
    const used = [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name)
    expect(Object.keys(document.components.schemas)).toEqual(expect.arrayContaining(used))
    expect(text).not.toContain("$defs")
  })

  it("lists the codes of all refusals", () => {
    for (const [code, status] of Object.entries(REFUSALS))
      expect(document.info.description).toContain(`${code} (${status})`)
  })

  it("says what a token needs for a call, and that some take none", () => {
    const securityOf = (at: string) => operations.find((one) => one.at === at)?.operation.security
    expect(securityOf("POST /shares")).toEqual([{ token: ["shares:write"] }])
    expect(securityOf("GET /me")).toEqual([{ token: [] }])
    expect(securityOf("POST /tokens")).toEqual([])
    expect(Object.keys(document.components.securitySchemes)).toEqual(["token"])
  })

  it("says that guests need a cookie, and that their calls are not below /api/v1", () => {
    const cookieOf = (at: string) => {
      const { parameters, security } = operations.find((one) => one.at === at)?.operation ?? {}
      expect(security).toEqual([])
      const all = parameters as { name: string; in: string; required: boolean }[]
      return all.find((one) => one.in === "cookie")
    }
    expect(cookieOf("GET /r/{token}/files")).toMatchObject({
      name: "lapse-delivery",
      required: true,
    })
    expect(cookieOf("POST /r/{token}/files")).toMatchObject({ required: false })
    expect(document.paths["/r/{token}/files"]?.servers).toEqual([{ url: "/" }])
    expect(document.paths["/files"]).not.toHaveProperty("servers")
  })

  it("describes files, optional bodies and keys of repeated calls", () => {
    const of = (at: string) => operations.find((one) => one.at === at)?.operation
    expect(of("GET /admin/audit.jsonl")?.responses).toMatchObject({
      200: { content: { "application/jsonl; charset=utf-8": {} } },
    })
    expect(of("POST /shares/{id}/revoke")?.requestBody).toMatchObject({ required: false })
    expect(of("POST /shares")?.requestBody).toMatchObject({ required: true })
    expect(JSON.stringify(of("POST /shares")?.parameters)).toContain("Idempotency-Key")
    expect(JSON.stringify(of("POST /tokens")?.parameters)).not.toContain("Idempotency-Key")
  })
})
