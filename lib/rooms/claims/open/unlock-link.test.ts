import { randomBytes } from "node:crypto"
import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { checkAttempt } from "#lib/adapters/throttle/attempt-limits.ts"
import { recentGuesses } from "#lib/adapters/throttle/guess-counts.ts"
import type { PersonId } from "#lib/rooms/accounts/member.ts"
import { hashPassword } from "#lib/rooms/accounts/sign-in/password.ts"
import { editShare } from "#lib/rooms/shares/edit/edit-share.ts"
import { TICKET_SECONDS } from "#lib/rooms/shares/share.ts"
import { aLink } from "#testing/builders/a-link.ts"
import { acting } from "#testing/builders/acting.ts"
import { EVENTS_PER_MINUTE } from "../access/event-cap.ts"
import { claim } from "../claim/claim.ts"
import { COOKIES, readVisitorCookies, signTicket, signUnlock } from "../visitor/visitor-cookies.ts"
import { openLink } from "./open-link.ts"
import { unlockLink } from "./unlock-link.ts"

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

/** Uses up attempts at the link's password without the cost of comparing one. */
const spend = async ({ shareId }: Link, address: string, attempts: number) => {
  for (let n = 0; n < attempts; n++)
    await checkAttempt({ purpose: "unlock", subject: shareId, address })
}

describe("wrong passwords", () => {
  it("are counted for the owner over all addresses, and right passwords are not", async () => {
    const link = await aLockedLink()
    for (const address of ["198.51.100.1", "198.51.100.2", "198.51.100.1", "2001:db8::1"])
      expect(await unlock(link, "guess", address)).toBeNull()
    expect(await unlock(link, PASSWORD, "203.0.113.9")).toEqual(expect.any(String))

    expect(await recentGuesses(link.shareId)).toEqual({ guesses: 4, addresses: 3 })
    expect(await db.event.count({ where: { kind: "unlock_failed" } })).toBe(4)
    expect(await db.event.count({ where: { kind: "unlock" } })).toBe(1)
  })

  it("write no event once their minute has reached its limit, but are still counted", async () => {
    const link = await aLockedLink()
    await db.attempt.create({
      data: {
        purpose: "unlock_failed",
        subject: link.linkId,
        address: "",
        attempts: EVENTS_PER_MINUTE,
        windowEndAt: new Date(Date.now() + 600_000),
      },
    })

    await unlock(link, "guess", "198.51.100.1")
    await unlock(link, PASSWORD, "198.51.100.2")

    expect(await recentGuesses(link.shareId)).toEqual({ guesses: 1, addresses: 1 })
    expect(await db.event.findMany({ select: { kind: true } })).toEqual([{ kind: "unlock" }])
  })

  it("from any number of addresses never lock out a recipient at another", async () => {
    const link = await aLockedLink()
    const guessers = Array.from({ length: 30 }, (_, n) => `192.0.2.${n}`)
    await Promise.all([...guessers, "2001:db8::1"].map((address) => spend(link, address, 10)))

    await expect(unlock(link, PASSWORD, "192.0.2.1")).rejects.toBeRefusal("too_many")
    expect(await unlock(link, PASSWORD, "203.0.113.1")).toEqual(expect.any(String))
    expect(await unlock(link, PASSWORD, "2001:db8:7::1")).toEqual(expect.any(String))
  })

  it("that were throttled are not counted, because they were not compared", async () => {
    const link = await aLockedLink()
    await spend(link, "192.0.2.1", 9)

    expect(await unlock(link, "guess", "192.0.2.1")).toBeNull()
    for (let n = 0; n < 3; n++)
      await expect(unlock(link, "guess", "192.0.2.1")).rejects.toBeRefusal("too_many")

    expect(await recentGuesses(link.shareId)).toEqual({ guesses: 1, addresses: 1 })
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

    expect(seconds).toBeLessThanOrEqual(TICKET_SECONDS)
    expect(seconds).toBeGreaterThan(TICKET_SECONDS - 60)
    expect(await stateWith(link, { [COOKIES.unlock]: cookie })).toBe("open")
    if (!given) throw new Error("the cookie is an unlock")
    const over = signUnlock({ ...given, expiresAt: new Date(now.getTime() - 1000) })
    expect(await stateWith(link, { [COOKIES.unlock]: over })).toBe("locked")
  })

  it("is not needed while a ticket is valid that was given for it", async () => {
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

    await editShare(acting(link.ownerId as PersonId), link.shareId, { password: "another word" })

    expect(
      await stateWith(link, { [COOKIES.unlock]: cookie, [COOKIES.ticket]: signTicket(ticket) }),
    ).toBe("locked")
    expect(await unlock(link, PASSWORD, "192.0.2.1")).toBeNull()
    const renewed = (await unlock(link, "another word", "192.0.2.1")) ?? ""
    expect(await stateWith(link, { [COOKIES.unlock]: renewed })).toBe("open")
  })
})
