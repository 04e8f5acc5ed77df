import { randomUUID } from "node:crypto"
import { describe, expect, it } from "vitest"
import { z } from "zod"
import { aFile } from "#testing/builders/a-file.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { aShare } from "#testing/builders/a-share.ts"
import { callApi } from "#testing/call-api.ts"
import { CALLS } from "./all-calls.ts"
import { GUEST_CALLS } from "./guests.ts"

const ALL = [...CALLS, ...GUEST_CALLS]

type Json = z.core.JSONSchema.BaseSchema

/** The paths in a schema of objects that accept unknown fields. */
function openIn(json: Json, path = ""): string[] {
  const parts = [...(json.anyOf ?? []), ...(json.oneOf ?? []), ...(json.allOf ?? [])]
  const inside = [
    ...parts.map((part) => [path, part] as const),
    ...Object.entries(json.properties ?? {}).map(
      ([name, part]) => [`${path}.${name}`, part] as const,
    ),
    ...(json.items && !Array.isArray(json.items) ? [[`${path}[]`, json.items] as const] : []),
  ].flatMap(([at, part]) => (typeof part === "object" ? openIn(part, at) : []))
  const isOpen = json.type === "object" && json.properties && json.additionalProperties !== false
  return isOpen ? [path, ...inside] : inside
}

describe("the body of a call", () => {
  it("refuses unknown fields, but for what browsers make themselves", () => {
    const open = ALL.flatMap(({ at, body }) => {
      if (!body) return []
      const json = z.toJSONSchema(body, { io: "input", unrepresentable: "any" })
      return openIn(json as Json).map((path) => `${at} ${path}`)
    })
    expect(open).toEqual([
      "POST /me/confirm .passkey",
      "POST /me/confirm .passkey.response",
      "POST /me/passkeys .credential",
      "POST /me/passkeys .credential.response",
    ])
  })
})

describe("an answer", () => {
  it("has only fields that it declares, and lists that end", () => {
    const open = ALL.flatMap(({ at, gives }) => {
      if (!(gives instanceof z.ZodType)) return []
      const json = z.toJSONSchema(gives, { io: "input", unrepresentable: "any" })
      return openIn(json as Json).map((path) => `${at} ${path}`)
    })
    expect(open).toEqual([])
  })
})

describe("a call that differs from the default says why", () => {
  it("if an admin's write needs no confirmation, or not always", () => {
    const immediate = CALLS.flatMap(({ at, confirm }) => {
      if (typeof confirm !== "object") return []
      const why =
        "never" in confirm ? confirm.never : "unless" in confirm ? confirm.unless : confirm.byVerb
      return [`${at}: ${why}`]
    })
    expect(immediate.sort()).toEqual([
      "DELETE /admin/shares/{id}/questions: the share stays as it is",
      "DELETE /admin/users/invites/{id}: only stops access",
      "DELETE /admin/users/{id}/tokens: only stops access",
      "DELETE /teams/{id}/members/{memberId}: only stops access",
      "PATCH /admin/settings: counts only",
      "PATCH /admin/users/{id}: only stops access",
      "POST /admin/backup: copies within the server only",
      "POST /admin/checks/browser: tests only",
      "POST /admin/checks: tests only",
      "POST /admin/mail/test: mails the caller only",
      "POST /admin/settings/preview-page: renders only",
      "POST /admin/shares/revoke: counts only",
      "POST /admin/users/invites/preview: counts only",
      "POST /admin/users/invites: gives a member's role only",
      "POST /admin/users/{id}/end-sessions: only stops access",
      "POST /invites/{id}: gives a member's role only",
      "POST /shares/{id}/restore: an admin confirms what the share's owner could not do",
    ])
  })
})

describe("a call that stops access", () => {
  it("needs no place, so that exports of the same member cannot delay it", () => {
    const stops = CALLS.filter(({ at }) => /^DELETE |\/(revoke|end-sessions)$/.test(at))
    expect(stops.length).toBeGreaterThan(10)
    expect(stops.filter(({ cost }) => cost).map(({ at }) => at)).toEqual([])
  })
})

describe("a list of ids", () => {
  it("has each id once, and at most 10,000", async () => {
    const [owner, admin] = [await aMember(), await anAdmin()]
    const files = [(await aFile({ owner })).id, (await aFile({ owner })).id]
    const { id: shareId } = await aShare({ owner, fileIds: files })
    const times = (id: string, count: number) => Array.from({ length: count }, () => id)
    const many = times(shareId, 10_000)
    const countOf = async (answer: Promise<Response>) => {
      const { count, ids, items } = await (await answer).json()
      return count ?? (ids ?? items).length
    }

    expect(await countOf(callApi("POST /shares/revoke", { as: owner, body: { ids: many } }))).toBe(
      1,
    )
    expect(await countOf(callApi("POST /shares/restore", { as: owner, body: { ids: many } }))).toBe(
      1,
    )
    const all = { ids: many, dryRun: true }
    expect(await countOf(callApi("POST /admin/shares/revoke", { as: admin, body: all }))).toBe(1)
    const twice = { fileIds: [...files, ...files] }
    expect(await countOf(callApi("POST /shares/holding", { as: owner, body: twice }))).toBe(1)
    expect(
      await countOf(callApi("POST /files/move", { as: owner, body: { ...twice, path: "a" } })),
    ).toBe(2)
    const [first = ""] = files
    const gone = { ids: times(first, 3) }
    expect(await countOf(callApi("POST /files/delete", { as: owner, body: gone }))).toBe(1)

    for (const at of ["/shares/revoke", "/shares/restore", "/shares/extend", "/files/delete"]) {
      for (const ids of [[], times(shareId, 10_001), ["no-id"], [null], [randomUUID(), 1], {}]) {
        const answer = await callApi(`POST ${at}`, {
          as: owner,
          body: { ids, ...(at.endsWith("extend") && { expiresAt: new Date().toISOString() }) },
        })
        expect(answer.status).toBe(400)
      }
    }
  })
})
