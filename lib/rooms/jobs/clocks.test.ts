import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import path from "node:path"
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest"
import { db } from "#lib/adapters/database.ts"
import type { Notice } from "#lib/rooms/mail/mail.ts"
import { queueMail } from "#lib/rooms/mail/queue-mail.ts"
import { anAdmin } from "#testing/builders/a-member.ts"
import { headersOf } from "#testing/mail/mail-server.ts"
import { aMailServer } from "#testing/mail/with-mail.ts"
import { aPingvin } from "#testing/old-apps/a-pingvin.ts"
import { pageAt, prepareImports } from "#testing/old-apps/prepare-imports.ts"
import { shiftedClock } from "#testing/shifted-clock.ts"
import { useOwnBucket } from "#testing/store/own-bucket.ts"

const root = path.join(import.meta.dirname, "../../..")
const MAILS = 40
const SHARES = 20
/** How far the clocks are off, in minutes: ahead, behind and correct. */
const CLOCKS = [60, -60, 0]

// Each bucket has one head of the audit log, so this file uses its own bucket.
beforeAll(useOwnBucket)
const { directory } = prepareImports()

const children: ChildProcess[] = []
afterEach(async () => {
  await Promise.all(
    children.splice(0).map(async (child) => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const exit = once(child, "exit")
      child.kill("SIGKILL")
      await exit
    }),
  )
})

function start(program: string, args: string[], env: Record<string, string>) {
  const child = fork(path.join(root, "testing/children", program), args, {
    execArgv: ["--import", path.join(root, "server/server-only.mjs"), "--no-warnings"],
    env: { ...process.env, ...env },
  })
  children.push(child)
  return child
}

describe.runIf(process.env.HEAVY)("with clocks an hour ahead and an hour behind", () => {
  it("every mail is sent once, and its next try has its time by the clock of the database", async () => {
    let refusals = 0
    const server = await aMailServer({
      onRecipient: () => (refusals++ < 3 ? "451 4.7.1 Greylisted" : undefined),
    })
    const targetId = await anAdmin()
    const notice: Notice = {
      what: "first_download",
      shareId: "01990000-0000-7000-8000-000000000001",
      share: "The report",
      count: 0,
      at: "2026-11-29T12:00:00.000Z",
    }
    const queue = () =>
      db.$transaction((tx) =>
        queueMail(tx, {
          kind: "notices",
          values: { items: [notice] },
          to: "ada@example.org",
          language: null,
          targetId,
        }),
      )
    for (let n = 0; n < MAILS / 2; n++) await queue()
    const env = {
      SMTP_URL: `smtp+plain://127.0.0.1:${server.port}`,
      MAIL_FROM: "lapse@example.org",
    }
    const jobs = CLOCKS.map((minutes) =>
      start("jobs-child.ts", [], { ...env, ...shiftedClock(minutes) }),
    )
    await Promise.all(jobs.map((child) => once(child, "message")))
    for (let n = 0; n < MAILS / 2; n++) await queue()

    await vi.waitFor(async () => expect(await db.mail.count({ where: { sentAt: null } })).toBe(0), {
      timeout: 150_000,
      interval: 500,
    })

    const ids = server.mails.map((mail) => headersOf(mail).get("message-id"))
    expect(ids).toHaveLength(MAILS)
    expect(new Set(ids).size).toBe(MAILS)
    const wrong = await db.$queryRaw`
      SELECT created_at, sent_at FROM mail
      WHERE sent_at < created_at OR sent_at > now() OR created_at > now()`
    expect(wrong).toEqual([])
    await server.close()
  })

  it("an import makes everything once", async () => {
    const pingvin = aPingvin(directory())
    const ada = pingvin.user({ email: "ada@example.org" })
    for (let n = 0; n < SHARES; n++)
      pingvin.share({ id: `id-${n}`, creatorId: ada }, { [`${n}.txt`]: `bytes of ${n}` })
    pingvin.close()

    for (const minutes of CLOCKS) {
      const [code] = await once(
        start("import-child.ts", [directory()], shiftedClock(minutes)),
        "exit",
      )
      expect(code).toBe(0)
      expect(await db.share.count()).toBe(SHARES)
      for (let n = 0; n < SHARES; n++)
        expect(await pageAt(`id-${n}`)).toMatchObject({ state: "open" })
    }
    const wrong = await db.$queryRaw`
      SELECT at FROM audit_entry WHERE at > now() OR at < now() - interval '30 minutes'`
    expect(wrong).toEqual([])
  })

  it("scheduled jobs go on when the one that was ahead has ended", async () => {
    const ahead = start("jobs-child.ts", [], shiftedClock(60))
    await once(ahead, "message")
    const last = async () => {
      const [row] = await db.$queryRaw<{ off: number | null }[]>`
        SELECT extract(epoch FROM last_execution - now())::int AS off
        FROM graphile_worker._private_known_crontabs WHERE identifier = 'sealAudit'`
      return row?.off ?? null
    }
    await vi.waitFor(async () => expect(await last()).toBeGreaterThan(3_000), {
      timeout: 90_000,
      interval: 500,
    })
    const right = start("jobs-child.ts", [], {})
    await once(right, "message")
    ahead.kill("SIGKILL")

    await vi.waitFor(
      async () => {
        const off = await last()
        expect(off).not.toBeNull()
        expect(Math.abs(off ?? 1e9)).toBeLessThan(60)
      },
      { timeout: 90_000, interval: 500 },
    )
  })
})
