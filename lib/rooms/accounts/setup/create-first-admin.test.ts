import { describe, expect, it } from "vitest"
import { configuration } from "#lib/adapters/configuration.ts"
import { db } from "#lib/adapters/database.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { createAdminFromSettings, setUp } from "./create-first-admin.ts"
import { firstRunCode, isSetupCode, setupCode, setupCodeProblem } from "./setup-code.ts"

const ada = { name: "Ada", email: "ada@example.org", password: "correct horse battery" }

describe("setUp", () => {
  it("makes exactly one admin of twenty simultaneous setups", async () => {
    const code = await setupCode()

    const all = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) => setUp({ ...ada, email: `ada${n}@example.org`, code })),
    )

    expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
    for (const one of all) {
      if (one.status === "rejected") expect(one.reason).toBeRefusal("gone")
    }
    expect(await db.member.findMany({ select: { role: true } })).toEqual([{ role: "admin" }])
    expect(await db.auditEntry.count({ where: { action: "member.first" } })).toBe(1)
  })

  it("refuses a wrong code and makes no member", async () => {
    const code = await setupCode()
    const altered = `${code.slice(0, -1)}${code.endsWith("A") ? "B" : "A"}`

    for (const wrong of [altered, "", code.slice(1), `${code}A`, "ü".repeat(16)]) {
      await expect(setUp({ ...ada, code: wrong })).rejects.toBeRefusal("forbidden")
    }
    expect(await db.member.count()).toBe(0)
  })

  it("has a short code that is safe in an address and the same at every start", async () => {
    const code = await setupCode()

    expect(code).toMatch(/^[A-Za-z0-9_-]{16}$/)
    expect(await setupCode()).toBe(code)
    expect(await isSetupCode(code)).toBe(true)
  })
})

describe("setupCodeProblem", () => {
  it("tells a code that is cut off from one that is wrong", async () => {
    const code = await setupCode()
    const altered = `${code.slice(0, -1)}${code.endsWith("A") ? "B" : "A"}`

    for (const short of ["", code.slice(0, -1), code.slice(1)])
      expect(await setupCodeProblem(short)).toBe("incomplete")
    for (const wrong of [altered, `${code}.`]) expect(await setupCodeProblem(wrong)).toBe("wrong")
    expect(await setupCodeProblem(code)).toBeNull()
  })
})

describe("firstRunCode", () => {
  it("is returned until there is a member, and never again", async () => {
    expect(await firstRunCode()).toBe(await setupCode())

    await aMember()

    expect(await firstRunCode()).toBeNull()
  })
})

describe("createAdminFromSettings", () => {
  it("does nothing without the settings", async () => {
    expect(await createAdminFromSettings()).toBe(false)
    expect(await db.member.count()).toBe(0)
  })

  it("makes the admin that the settings name once, with any number of replicas, and never changes one", async () => {
    Object.assign(configuration, {
      ADMIN_EMAIL: "root@example.org",
      ADMIN_PASSWORD: "correct horse battery",
    })
    try {
      const boots = await Promise.all(Array.from({ length: 6 }, () => createAdminFromSettings()))
      expect(boots.filter(Boolean)).toHaveLength(1)

      Object.assign(configuration, {
        ADMIN_EMAIL: "other@example.org",
        ADMIN_PASSWORD: "another password",
      })
      expect(await createAdminFromSettings()).toBe(false)
    } finally {
      Object.assign(configuration, { ADMIN_EMAIL: undefined, ADMIN_PASSWORD: undefined })
    }
    expect(await db.member.findMany({ select: { email: true, name: true, role: true } })).toEqual([
      { email: "root@example.org", name: "root", role: "admin" },
    ])
  })
})
