import { randomBytes } from "node:crypto"
import { describe, expect, it } from "vitest"
import { recentGuesses } from "#lib/accounts/guesses.ts"
import type { MemberId } from "#lib/accounts/member.ts"
import { hashPassword } from "#lib/accounts/password.ts"
import { db } from "#lib/db.ts"
import { ticketSeconds } from "#lib/settings.ts"
import { editShare } from "#lib/shares/edit-share.ts"
import { aLink } from "#testing/a-link.ts"
import { claim } from "./claim.ts"
import { openLink } from "./open-link.ts"
import { unlockLink } from "./unlock-link.ts"
import { COOKIES, readVisitorCookies, signTicket, signUnlock } from "./visitor-cookies.ts"

const PASSWORD = "open sesame"
const source = { agent: "Chrome on Linux", referrer: null, visitor: randomBytes(16) }

const aLockedLink = async () => aLink({ passwordHash: await hashPassword(PASSWORD) })
type Link = Awaited<ReturnType<typeof aLockedLink>>

const unlock = ({ publicId }: Link, password: string, address: string) =>
  unlockLink({ publicId, password, address, source })

const stateWith = async ({ publicId }: Link, cookies: Record<string, string>) => {
  const read = readVisitorCookies((name) => cookies[name])
  return (await openLink({ publicId, cookies: read, kind: null, source: null })).state
}

describe("wrong passwords", () => {
  it("are counted for the owner exactly, over all addresses, and their events are bounded", async () => {
    const link = await aLockedLink()
    const addresses = Array.from({ length: 12 }, (_, n) => `198.51.100.${n}`)
    await Promise.all(
      Array.from({ length: 66 }, (_, n) => unlock(link, `guess ${n}`, addresses[n % 12] ?? "")),
    )
    expect(await unlock(link, PASSWORD, "203.0.113.9")).toEqual(expect.any(String))

    expect(await recentGuesses(link.shareId)).toEqual({ guesses: 66, addresses: 12 })
    const minutes = await db.$queryRaw<{ n: number }[]>`
      SELECT count(*)::int AS n FROM event WHERE kind = 'unlock_failed' GROUP BY date_trunc('minute', at)`
    expect(Math.max(...minutes.map(({ n }) => n))).toBeLessThanOrEqual(60)
    expect(minutes.reduce((sum, { n }) => sum + n, 0)).toBeGreaterThanOrEqual(60)
    expect(await db.event.count({ where: { kind: "unlock" } })).toBe(1)
  })

  it("of many addresses at once never keep out a recipient at another", async () => {
    const link = await aLockedLink()
    const guessers = ["192.0.2.1", "192.0.2.2", "2001:db8::1"]
    const guesses = await Promise.allSettled(
      guessers.flatMap((address) =>
        Array.from({ length: 14 }, (_, n) => unlock(link, `guess ${n}`, address)),
      ),
    )
    expect(guesses.filter(({ status }) => status === "rejected")).toHaveLength(12)

    expect(await unlock(link, PASSWORD, "192.0.2.3")).toEqual(expect.any(String))
    await expect(unlock(link, PASSWORD, "192.0.2.1")).rejects.toMatchObject({ code: "too_many" })
  })

  it("that were slowed are not counted: they were compared with nothing", async () => {
    const link = await aLockedLink()
    await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) => unlock(link, `guess ${n}`, "192.0.2.1")),
    )

    expect(await recentGuesses(link.shareId)).toEqual({ guesses: 10, addresses: 1 })
  })
})

describe("an unlock", () => {
  it("lasts as long as a ticket", async () => {
    const link = await aLockedLink()
    const cookie = (await unlock(link, PASSWORD, "192.0.2.1")) ?? ""
    const given = readVisitorCookies((name) =>
      name === COOKIES.unlock ? cookie : undefined,
    ).unlock
    const [{ now } = { now: new Date() }] = await db.$queryRaw<{ now: Date }[]>`SELECT now()`
    const seconds = ((given?.expiresAt.getTime() ?? 0) - now.getTime()) / 1000

    expect(seconds).toBeLessThanOrEqual(ticketSeconds())
    expect(seconds).toBeGreaterThan(ticketSeconds() - 60)
    expect(await stateWith(link, { [COOKIES.unlock]: cookie })).toBe("open")
    if (!given) throw new Error("the cookie is an unlock")
    const over = signUnlock({ ...given, expiresAt: new Date(now.getTime() - 1000) })
    expect(await stateWith(link, { [COOKIES.unlock]: over })).toBe("locked")
  })

  it("is not needed while a ticket holds, which was given for it", async () => {
    const link = await aLockedLink()
    const cookie = (await unlock(link, PASSWORD, "192.0.2.1")) ?? ""
    const cookies = readVisitorCookies((name) => (name === COOKIES.unlock ? cookie : undefined))
    const { publicId } = link
    const { ticket } = await claim({ publicId, fileIds: null, cookies, directOnly: false, source })
    if (!ticket) throw new Error("a claim gives a ticket")

    expect(await stateWith(link, { [COOKIES.ticket]: signTicket(ticket) })).toBe("open")
  })

  it("ends with its ticket when the owner changes the password, and the new one opens", async () => {
    const link = await aLockedLink()
    const cookie = (await unlock(link, PASSWORD, "192.0.2.1")) ?? ""
    const cookies = readVisitorCookies((name) => (name === COOKIES.unlock ? cookie : undefined))
    const { publicId } = link
    const { ticket } = await claim({ publicId, fileIds: null, cookies, directOnly: false, source })
    if (!ticket) throw new Error("a claim gives a ticket")

    await editShare(link.ownerId as MemberId, link.shareId, { password: "another word" })

    expect(
      await stateWith(link, { [COOKIES.unlock]: cookie, [COOKIES.ticket]: signTicket(ticket) }),
    ).toBe("locked")
    expect(await unlock(link, PASSWORD, "192.0.2.1")).toBeNull()
    const renewed = (await unlock(link, "another word", "192.0.2.1")) ?? ""
    expect(await stateWith(link, { [COOKIES.unlock]: renewed })).toBe("open")
  })
})
