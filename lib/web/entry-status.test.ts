import { describe, expect, it } from "vitest"
import { setupCode } from "#lib/accounts/create-first-admin.ts"
import { inviteMember } from "#lib/accounts/invite-member.ts"
import { withdrawInvite } from "#lib/accounts/withdraw-invite.ts"
import { aMember, anAdmin } from "#lib/testing/a-member.ts"
import { entryStatus } from "./entry-status.ts"

describe("entryStatus", () => {
  it("says 410 for an invitation that does not open any more, and leaves one that does to Next", async () => {
    const admin = await anAdmin()
    const { id, url } = await inviteMember(admin, { email: null, role: "member" })
    const { pathname } = new URL(url)
    expect(await entryStatus(pathname, "")).toBeNull()

    await withdrawInvite(admin, id)

    expect(await entryStatus(pathname, "")).toBe(410)
    expect(await entryStatus("/invite/nonsense", "")).toBe(410)
  })

  it("says 403 for a setup address without its code, while there is something to set up", async () => {
    expect(await entryStatus("/setup", "")).toBe(403)
    expect(await entryStatus("/setup", `code=${await setupCode()}`)).toBeNull()

    await aMember()

    expect(await entryStatus("/setup", "")).toBeNull()
  })

  it("has nothing to say about other pages", async () => {
    for (const path of ["/", "/sign-in", "/invite/a/b", "/setup/x"]) {
      expect(await entryStatus(path, "")).toBeNull()
    }
  })
})
