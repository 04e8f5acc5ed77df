import { NextRequest } from "next/server"
import { afterEach, describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { hashPassword } from "#lib/rooms/accounts/sign-in/password.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { mailBy, withoutMail } from "#testing/mail/with-mail.ts"
import { signInWithToken } from "#testing/sign-in-by.ts"
import { POST as ask } from "./forgot/route.ts"

const ORIGIN = "http://localhost:3000"
const signIn = signInWithToken("credentials")
const SAMPLES = 1_000

type Route = (request: NextRequest) => Promise<Response>

/**
 * Sends a form from a separate address, so that it is not throttled, and returns the milliseconds.
 */
async function timed(route: Route, fields: Record<string, string>, nth: number) {
  const request = new NextRequest(`${ORIGIN}/auth`, {
    method: "POST",
    headers: {
      origin: ORIGIN,
      "content-type": "application/x-www-form-urlencoded",
      "x-lapse-client-address": `10.${nth >> 16}.${(nth >> 8) & 255}.${nth & 255}`,
    },
    body: new URLSearchParams(fields),
  })
  const began = performance.now()
  const answer = await route(request)
  const took = performance.now() - began
  expect(answer.status).toBe(303)
  return took
}

const median = (times: number[]) => times.toSorted((a, b) => a - b)[times.length >> 1] ?? 0

/**
 * Returns how often a sample of one exceeds one of the other; 0.5 if they are indistinguishable.
 */
function told(known: number[], unknown: number[]) {
  const all = [
    ...known.map((ms) => ({ ms, known: true })),
    ...unknown.map((ms) => ({ ms, known: false })),
  ]
  let [below, wins] = [0, 0]
  for (const one of all.toSorted((a, b) => a.ms - b.ms)) {
    if (one.known) wins += below
    else below += 1
  }
  return wins / (known.length * unknown.length)
}

/** Measures both addresses in turns, in changing order, so that load affects both alike. */
async function measure(route: Route, password?: string) {
  await aMember({ email: "ada@example.org", passwordHash: await hashPassword("right password") })
  const times = { known: [] as number[], unknown: [] as number[] }
  let nth = 0
  for (let round = 0; round < SAMPLES + 50; round += 1) {
    const order = (["known", "unknown"] as const).toSorted(() => Math.random() - 0.5)
    for (const which of order) {
      nth += 1
      const email = which === "known" ? "ada@example.org" : "eve@example.org"
      const took = await timed(route, { email, ...(password && { password }) }, nth)
      if (round >= 50) times[which].push(took)
    }
  }
  return { ...times, chance: told(times.known, times.unknown) }
}

describe("whether an address has an account", () => {
  afterEach(withoutMail)

  it.runIf(process.env.HEAVY)(
    "cannot be told from the time of a sign-in, over a thousand of each",
    async () => {
      const { known, unknown, chance } = await measure(signIn, "wrong password")
      console.info({ known: median(known), unknown: median(unknown), chance })
      expect(median(known) / median(unknown)).toBeGreaterThan(0.95)
      expect(median(known) / median(unknown)).toBeLessThan(1.05)
      expect(Math.abs(chance - 0.5)).toBeLessThan(0.06)
    },
  )

  it.runIf(process.env.HEAVY)(
    "cannot be told from the time to ask for a password, over a thousand of each",
    async () => {
      mailBy(1) // no mail is sent
      const { known, unknown, chance } = await measure(ask)
      console.info({ known: median(known), unknown: median(unknown), chance })
      expect(Math.abs(chance - 0.5)).toBeLessThan(0.06)
      expect(await db.passwordReset.count()).toBe(0) // the job finds no account
    },
  )
})
