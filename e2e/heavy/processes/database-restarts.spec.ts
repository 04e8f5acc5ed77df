import { setTimeout as sleep } from "node:timers/promises"
import { expect } from "../../fixtures.ts"
import { test } from "../../installation/own-installation.ts"

/** The supervisor waits longer before each start, up to half a minute. */
const RESTARTS = 12
const VIEWERS = 8
/** A fast shutdown, as by a service manager, and a crash. */
const WAYS = ["SIGINT", "SIGKILL"] as const

test(`while the database restarts ${RESTARTS} times under views, every page is itself or says that it is away`, async ({
  own,
  member,
}) => {
  test.setTimeout(60_000 + RESTARTS * 15_000)
  const share = await member.share("survey.pdf")
  const { cookies } = await member.context.storageState()
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join("; ")
  const paths = [
    "/shares",
    `/shares/${share.id}`,
    "/files",
    "/settings",
    "/admin",
    "/admin/shares",
    "/admin/files",
    "/admin/members",
    "/admin/audit",
    "/admin/checks",
    "/admin/settings/branding",
    "/admin/panic?what=member",
    new URL(share.url).pathname,
  ]
  const wrong: string[] = []
  const counts = { itself: 0, away: 0 }
  let isOver = false

  async function view(path: string) {
    const headers = { cookie, accept: "text/html" }
    const answer = await fetch(new URL(path, own.url), { headers, redirect: "manual" })
    const page = await answer.text()
    const [, heading = ""] = /<h1[^>]*>(.*?)<\/h1>/s.exec(page) ?? []
    const isAway = /database (can’t be reached|is busy) right now/.test(page)
    if (answer.status === 200 && heading !== "" && !isAway) counts.itself += 1
    else if (answer.status === 503 && isAway) counts.away += 1
    else wrong.push(`${path}: ${answer.status} ${heading || "blank"}`)
  }
  const viewing = Promise.all(
    Array.from({ length: VIEWERS }, async (_, viewer) => {
      for (let n = viewer; !isOver; n++) {
        const path = paths[n % paths.length] ?? "/shares"
        await view(path).catch((error: unknown) => wrong.push(`${path}: ${error}`))
      }
    }),
  )

  for (let n = 0; n < RESTARTS; n++) {
    await sleep(500 + Math.random() * 1_000)
    const [postgres] = own.processes(/postgres.* -D /)
    if (postgres === undefined) throw new Error("the database does not run")
    process.kill(postgres, WAYS[n % WAYS.length])
    const { itself } = counts
    await expect.poll(() => counts.itself, { timeout: 60_000 }).toBeGreaterThan(itself + VIEWERS)
    await expect.poll(() => own.processes(/postgres.* -D /).length, { timeout: 60_000 }).toBe(1)
  }
  isOver = true
  await viewing

  expect(wrong).toEqual([])
  expect(counts.away).toBeGreaterThan(RESTARTS)
  const failed = /"msg":"(a request|an API call|a visitor's request) failed"/
  expect(own.lines().filter((line) => failed.test(line))).toEqual([])
})
