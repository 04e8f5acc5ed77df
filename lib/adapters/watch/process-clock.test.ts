import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { expiryOf } from "#components/shares/conditions/expiry-presets.ts"
import { databaseTime } from "#lib/adapters/database/time.ts"
import { db } from "#lib/adapters/database.ts"
import { hostState } from "#lib/adapters/host/host-state.ts"
import { linkToken, readLinkToken } from "#lib/adapters/secrets.ts"
import { editMember } from "#lib/rooms/accounts/edit-member.ts"
import { acceptInvite, findInvite } from "#lib/rooms/accounts/invites/accept-invite.ts"
import { inviteMember } from "#lib/rooms/accounts/invites/invite-member.ts"
import { listInvites } from "#lib/rooms/accounts/invites/list-invites.ts"
import { createFirstAdmin } from "#lib/rooms/accounts/setup/create-first-admin.ts"
import { readKnownBrowser, signKnownBrowser } from "#lib/rooms/accounts/sign-in/known-browser.ts"
import { findSessionMember, signOut } from "#lib/rooms/accounts/sign-in/session.ts"
import { claim } from "#lib/rooms/claims/claim/claim.ts"
import type { Click } from "#lib/rooms/claims/claim/click.ts"
import { presign } from "#lib/rooms/claims/grant.ts"
import { visitorSourceOf } from "#lib/rooms/claims/visitor/visitor-source.ts"
import { beginCutOff } from "#lib/rooms/cut-offs/begin-cut-off.ts"
import { deleteFile } from "#lib/rooms/files/delete-file.ts"
import { finishUpload } from "#lib/rooms/files/upload/finish-upload.ts"
import { resumeUpload } from "#lib/rooms/files/upload/resume-upload.ts"
import { createShare } from "#lib/rooms/shares/edit/create-share.ts"
import { editShare } from "#lib/rooms/shares/edit/edit-share.ts"
import { requireShare } from "#lib/rooms/shares/require-share.ts"
import { revokeShare } from "#lib/rooms/shares/revoke/revoke-share.ts"
import { aFile, anUploadInParts, aStartedFile } from "#testing/builders/a-file.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { aSession } from "#testing/builders/a-session.ts"
import { acting } from "#testing/builders/acting.ts"
import { MINUTE } from "#testing/units.ts"
import { cameBack, toPage } from "#visitor/cookies/back-cookie.ts"
import type { LinkRequest } from "#visitor/exchange.ts"
import { compareClocks } from "./compare-clocks.ts"

/** Sets the clock of this process, but not those of its servers. */
function setClock(minutesOff: number) {
  vi.useRealTimers()
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + minutesOff * MINUTE })
}

afterEach(async () => {
  vi.useRealTimers()
  hostState().clocksApartMs = null
  await databaseTime() // for the tests after this one
})

/** How many seconds a time is after the database's. */
const secondsAfter = async (time: string | Date | null | undefined) =>
  (new Date(time ?? 0).getTime() - (await databaseTime()).getTime()) / 1000

/**
 * Fails unless the time is this many seconds after the database's, with some tolerance for the
 * test.
 */
async function expectAfter(time: string | Date | null | undefined, seconds: number) {
  const after = await secondsAfter(time)
  expect(after).toBeLessThanOrEqual(seconds + 1)
  expect(after).toBeGreaterThan(seconds - 60)
}

const signedAt = (url: string) =>
  (new URL(url).searchParams.get("X-Amz-Date") ?? "").replace(
    /^(....)(..)(..)T(..)(..)(..)Z$/,
    "$1-$2-$3T$4:$5:$6Z",
  )

async function click(url: string): Promise<Click> {
  const publicId = readLinkToken(url.split("/").at(-1) ?? "") ?? new Uint8Array()
  const visitor = { userAgent: "curl/8", referrer: "", address: "192.0.2.1", publicId }
  return {
    publicId,
    fileIds: null,
    cookies: { visitId: Buffer.alloc(16), ticket: null, unlock: null },
    directOnly: false,
    source: await visitorSourceOf(visitor),
  }
}

/** Downloads the first file of a link. */
async function download(url: string | null) {
  const grant = await claim(await click(url ?? ""))
  const [file] = grant.files
  if (!file) throw new Error("the share has a file")
  const address = await presign(grant, file)
  await expectAfter(signedAt(address), 0)
  return (await fetch(address)).text()
}

describe.each([10, -10, 20, -20])("a process whose clock is %d minutes off", (minutes) => {
  beforeEach(() => setClock(minutes))

  it("signs PUTs and GETs that the store accepts, for the intended time", async () => {
    const { owner, file, put } = await aStartedFile({ bytes: "sent on time" })
    const { upload } = await resumeUpload(owner, file.id)
    if (upload.method === "put") await expectAfter(signedAt(upload.url), 0)
    expect((await put()).status).toBe(200)
    await finishUpload(owner, file.id)
    const parts = await anUploadInParts({ owner, size: 10 })
    await parts.put(1)
    expect(await finishUpload(owner, parts.file.id)).toMatchObject({ status: "ready" })
    const object = await db.object.findFirstOrThrow({ where: { fileId: file.id } })
    await expectAfter(object.putExpiresAt, 15 * 60)

    const { url } = await createShare(acting(owner), { fileIds: [file.id] })
    expect(await download(url)).toBe("sent on time")
  })

  it("ends shares when the database says so: by default, by a preset and at once", async () => {
    const owner = await aMember()
    const share = await createShare(acting(owner), { fileIds: [(await aFile({ owner })).id] })
    await expectAfter(share.expiresAt, 7 * 86_400)

    const page = await findSessionMember(await aSession(owner))
    for (const [preset, hours] of [
      ["hour", 1],
      ["day", 24],
      ["month", 30 * 24],
    ] as const) {
      await editShare(acting(owner), share.id, {
        expiresAt: expiryOf(preset, page?.now ?? new Date()),
      })
      await expectAfter((await requireShare(owner, share.id)).expiresAt, hours * 3600)
    }
    await db.$executeRaw`
      UPDATE share SET expires_at = statement_timestamp() + interval '5 minutes'
      WHERE id = ${share.id}::uuid`
    expect(await download(share.url)).toBe("some bytes")
    await db.$executeRaw`
      UPDATE share SET expires_at = statement_timestamp() - interval '5 minutes'
      WHERE id = ${share.id}::uuid`
    await expect(download(share.url)).rejects.toBeRefusal("gone")
  })

  it("accepts invitations until the database says that they expired", async () => {
    const admin = await anAdmin()
    const invite = await inviteMember(admin, { email: null, role: "member" })
    const token = invite.url.split("/").at(-1) ?? ""
    await expectAfter(invite.expiresAt, 7 * 86_400)
    const setEnd = (seconds: number) => db.$executeRaw`
      UPDATE invite SET expires_at = statement_timestamp() + make_interval(secs => ${seconds}::int)`
    const ada = { name: "Ada", email: "ada@example.org", password: "a quiet harbour" }

    await setEnd(-300)
    expect([await findInvite(token), await listInvites(admin)]).toEqual([null, []])
    await expect(acceptInvite({ ...ada, token })).rejects.toBeRefusal("gone")
    await setEnd(300)
    expect([await findInvite(token), await listInvites(admin)]).toMatchObject([
      { email: null },
      [{ id: invite.id }],
    ])
    await acceptInvite({ ...ada, token })
  })

  it("writes no time of its own into any row", async () => {
    const from = await databaseTime()
    await createFirstAdmin({ name: "Ada", email: "ada@example.org", password: "a quiet harbour" })
    const [admin, owner] = [await anAdmin(), await aMember()]
    const session = await aSession(owner)
    const file = await aFile({ owner })
    const share = await createShare(acting(owner), { fileIds: [file.id] })
    await download(share.url)
    await revokeShare(owner, share.id)
    await deleteFile(owner, file.id)
    await signOut(session)
    await inviteMember(admin, { email: null, role: "member" })
    await editMember(admin, owner, { disabled: true })

    const columns = await db.$queryRaw<{ table: string; column: string }[]>`
      SELECT table_name AS "table", column_name AS "column" FROM information_schema.columns
      WHERE table_schema = 'public' AND data_type = 'timestamp with time zone'
        AND table_name !~ '^_' AND column_name !~ '(expires|end|exposed|until|starts)'`
    let found = 0
    for (const { table, column } of columns) {
      const rows = await db.$queryRawUnsafe<{ time: Date; right: boolean }[]>(
        `SELECT "${column}" AS time, "${column}" BETWEEN $1::timestamptz AND clock_timestamp() AS "right"
         FROM "${table}" WHERE "${column}" IS NOT NULL`,
        from,
      )
      found += rows.length
      expect(
        rows.filter(({ right }) => !right),
        `${table}.${column}`,
      ).toEqual([])
    }
    expect(found).toBeGreaterThan(20)
  })

  it("schedules the job of a cut off within seconds", async () => {
    const admin = await anAdmin()
    await db.$transaction((tx) => beginCutOff(tx, { requestedById: admin }))
    const jobs = await db.$queryRaw<{ runAt: Date }[]>`
      SELECT run_at AS "runAt" FROM graphile_worker.jobs WHERE task_identifier = 'cutOff'`
    expect(jobs).toHaveLength(1)
    await expectAfter(jobs[0]?.runAt, 5)
  })

  it("gives the database's time to pages and forms", async () => {
    const member = await findSessionMember(await aSession(await aMember()))
    await expectAfter(member?.now, 0)
  })
})

/** Runs the work in a process whose clock is off, after it has compared the clock. */
async function atClock<Result>(minutes: number, work: () => Result) {
  setClock(minutes)
  await compareClocks()
  return work()
}

it("processes of different clocks recognise the same visitor, on the database's day", async () => {
  const visitor = {
    userAgent: "curl/8",
    referrer: "",
    address: "192.0.2.1",
    publicId: new Uint8Array(8),
  }
  const ask = () => visitorSourceOf(visitor)
  const days = 24 * 60
  expect([await atClock(days, ask), await atClock(-days, ask)]).toEqual([await ask(), await ask()])
})

it("processes of different clocks recognise each other's signed cookies, as long as they are valid", async () => {
  const publicId = new Uint8Array(8)
  const token = linkToken(publicId)
  const secret = { kind: "member", id: "one" } as const
  for (const [signer, reader] of [
    [10, -10],
    [-10, 10],
  ] as const) {
    const back = await atClock(signer, () => {
      const cookie =
        toPage({ link: `/s/${token}`, publicId }).headers.find(
          ([name]) => name === "Set-Cookie",
        )?.[1] ?? ""
      return cookie.split(";")[0] ?? ""
    })
    const asked = { header: (name: string) => (name === "cookie" ? back : undefined) }
    const known = await atClock(signer, () => signKnownBrowser(secret, undefined))

    expect(await atClock(reader, () => cameBack(asked as LinkRequest, publicId))).toBe(true)
    expect(await atClock(reader, () => readKnownBrowser(secret, known))).not.toBeNull()
    vi.setSystemTime(Date.now() + 31_000) // the database's time advances with the process's
    expect(cameBack(asked as LinkRequest, publicId)).toBe(false)
  }
})
