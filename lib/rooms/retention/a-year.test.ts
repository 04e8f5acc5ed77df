import { randomUUID } from "node:crypto"
import { expect, it } from "vitest"
import { db, longDb } from "#lib/adapters/database.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { lapseFiles } from "./lapse-files.ts"
import { writeNight } from "./night.ts"

// A year of an installation, with the time passed in: what the rule says, reckoned here from what was
// drawn, and what was deleted have to be equal in each of its nights.

const HEAVY = process.env.HEAVY === "1"
const FILES = HEAVY ? 20_000 : 2_000
const NIGHTS = HEAVY ? 365 : 32
const PATIENCE_MS = HEAVY ? 600_000 : 120_000
const START = new Date("2025-01-01T00:00:00Z")
const [SHARED, RECEIVED, UNSHARED] = [30, 45, 60]
const on = (day: number) => new Date(START.getTime() + day * 86_400_000)

/** Repeatable draws: mulberry32. */
function drawing(seed: number) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

type Drawn = {
  id: string
  arrived: number
  owner: number
  kept: number | null
  request: number | null
  shares: {
    share: number
    removed: number | null
  }[]
}
type Request = { id: string; delivery: string; days: number | null; done: number | null }
type DrawnShare = {
  id: string
  expires: number | null
  revoked: number | null
  usedUp: number | null
  held: boolean
  asked: number | null
  links: { id: string; revoked: number | null; usedUp: number | null }[]
}

function draw(random: () => number) {
  const maybe = <Value>(odds: number, value: () => Value) => (random() < odds ? value() : null)
  const day = (from = 0) => from + random() * (365 - from)
  const pick = (count: number) => Math.floor(random() * count)
  const shares: DrawnShare[] = Array.from({ length: FILES / 2 }, () => ({
    id: randomUUID(),
    expires: maybe(0.8, () => day()),
    revoked: maybe(0.2, () => day()),
    usedUp: maybe(0.1, () => day()),
    held: random() < 0.03,
    asked: maybe(0.1, () => day()),
    links: Array.from({ length: 1 + pick(3) }, () => ({
      id: randomUUID(),
      revoked: maybe(0.2, () => day()),
      usedUp: maybe(0.1, () => day()),
    })),
  }))
  const requests: Request[] = Array.from({ length: 40 }, () => ({
    id: randomUUID(),
    delivery: randomUUID(),
    days: maybe(0.4, () => 1 + pick(60)),
    done: maybe(0.8, () => day()),
  }))
  const files: Drawn[] = Array.from({ length: FILES }, () => ({
    id: randomUUID(),
    arrived: day(),
    owner: pick(10),
    kept: maybe(0.1, () => (random() < 0.3 ? Number.POSITIVE_INFINITY : day())),
    request: maybe(0.2, () => pick(requests.length)),
    shares: [...new Set(Array.from({ length: pick(4) }, () => pick(shares.length)))].map(
      (share) => ({ share, removed: maybe(0.1, () => day()) }),
    ),
  }))
  return { shares, requests, files }
}

type World = ReturnType<typeof draw>
const HELD_OWNER = 3

/** The day on which a file goes, by the sentences of the rule; never is infinite. */
function goesOn({ shares, requests }: World, file: Drawn): number {
  const own = file.shares.map(({ share, removed }) => ({
    ...(shares[share] as DrawnShare),
    removed,
  }))
  if (file.owner === HELD_OWNER || own.some(({ held }) => held)) return Number.POSITIVE_INFINITY
  const first = (...ends: (number | null)[]) =>
    Math.min(...ends.map((end) => end ?? Number.POSITIVE_INFINITY))
  const ends = own.map(({ expires, revoked, usedUp, removed, links }) => {
    const lastLink = Math.max(...links.map((link) => first(link.revoked, link.usedUp)))
    return first(expires, revoked, usedUp, removed, lastLink)
  })
  const request = file.request === null ? null : requests[file.request]
  const reasons: number[] = []
  if (request) {
    reasons.push(file.arrived + Math.min(RECEIVED, request.days ?? RECEIVED))
    const notice = (request.days ?? 7) < 7 ? 0 : 7
    reasons.push(first(30, request.done === null ? null : request.done + notice)) // its sender can go on
  } else if (ends.length === 0) reasons.push(file.arrived + UNSHARED)
  for (const end of ends) reasons.push(end + SHARED)
  for (const { asked } of own) if (asked !== null) reasons.push(asked + 30)
  if (file.kept !== null) reasons.push(file.kept)
  return Math.max(...reasons)
}

const time = (day: number | null) =>
  day === null
    ? null
    : day === Number.POSITIVE_INFINITY
      ? "2201-01-01T00:00:00Z"
      : on(day).toISOString()

async function write({ shares, requests, files }: World) {
  const owners = await Promise.all(Array.from({ length: 10 }, () => aMember()))
  const owner = owners[0] as string
  await db.member.update({
    where: { id: owners[HELD_OWNER] as string },
    data: { legalHoldAt: START },
  })
  const value = {
    sharedDays: SHARED,
    receivedDays: RECEIVED,
    unsharedDays: UNSHARED,
    keepDays: null,
  }
  const changedAt = on(-100)
  const row = { name: "retention", value, changedById: owner, changedAt }
  await db.setting.create({ data: row })
  const json = (rows: unknown[]) => JSON.stringify(rows)
  await longDb.$executeRaw`
    INSERT INTO share (id, owner_id, max_ttl_seconds, expires_at, revoked_at, max_downloads, downloads, legal_hold_at)
    SELECT id, ${owner}::uuid, 60, expires, revoked, CASE WHEN "usedUp" IS NOT NULL THEN 1 END,
      CASE WHEN "usedUp" IS NOT NULL THEN 1 ELSE 0 END, CASE WHEN held THEN now() END
    FROM jsonb_to_recordset(${json(shares.map((s) => ({ ...s, expires: time(s.expires), revoked: time(s.revoked), usedUp: time(s.usedUp) })))}::jsonb)
      AS s (id uuid, expires timestamptz, revoked timestamptz, "usedUp" timestamptz, held boolean)`
  await longDb.$executeRaw`
    UPDATE share SET used_up_at = at FROM
      jsonb_to_recordset(${json(shares.map(({ id, usedUp }) => ({ id, at: time(usedUp) })))}::jsonb) AS s (id uuid, at timestamptz)
    WHERE s.id = share.id AND at IS NOT NULL`
  const links = shares.flatMap((share) =>
    share.links.map((link, place) => ({
      ...link,
      share: share.id,
      open: place === 0,
      revoked: time(link.revoked),
      usedUp: time(link.usedUp),
    })),
  )
  await longDb.$executeRaw`
    INSERT INTO link (id, share_id, public_id, open, recipient_name, revoked_at)
    SELECT id, share, decode(substr(replace(id::text, '-', ''), 1, 16), 'hex'), open,
      CASE WHEN open THEN '' ELSE 'Pia' END, revoked
    FROM jsonb_to_recordset(${json(links)}::jsonb) AS l (id uuid, share uuid, open boolean, revoked timestamptz)`
  await longDb.$executeRaw`
    UPDATE link SET used_up_at = "usedUp" FROM
      jsonb_to_recordset(${json(links)}::jsonb) AS l (id uuid, "usedUp" timestamptz)
    WHERE l.id = link.id AND "usedUp" IS NOT NULL`
  const asked = shares.flatMap(({ id, links, asked }) =>
    asked === null ? [] : [{ id: randomUUID(), share: id, link: links[0]?.id, at: time(asked) }],
  )
  await longDb.$executeRaw`
    INSERT INTO question (id, share_id, link_id, note, at)
    SELECT id, share, link, '', at
    FROM jsonb_to_recordset(${json(asked)}::jsonb) AS q (id uuid, share uuid, link uuid, at timestamptz)`
  await analyze()
  const received = requests.map((r) => ({ ...r, done: time(r.done) }))
  await longDb.$executeRaw`
    WITH r AS (
      SELECT * FROM jsonb_to_recordset(${json(received)}::jsonb) AS r (id uuid, delivery uuid, days int, done timestamptz)
    ), s AS (
      INSERT INTO share (id, owner_id, share_kind, max_ttl_seconds) SELECT id, ${owner}::uuid, 'request', 60 FROM r
    ), q AS (
      INSERT INTO request (share_id, max_files, max_bytes, delete_days, delete_days_since)
      SELECT id, 99999, 999999999, days, CASE WHEN days IS NOT NULL THEN ${on(-100)}::timestamptz END FROM r
    )
    INSERT INTO delivery (id, share_id, started_at, done_at) SELECT delivery, id, ${START}::timestamptz, done FROM r`
  const rows = files.map((f) => ({
    id: f.id,
    owner: owners[f.owner],
    delivery: f.request === null ? null : requests[f.request]?.delivery,
    kept: time(f.kept),
    arrived: time(f.arrived),
  }))
  await longDb.$executeRaw`
    INSERT INTO file (id, owner_id, name, size, content_type, created_at, delivery_id, kept_until)
    SELECT id, owner, 'a.txt', 7, 'text/plain', arrived, delivery, kept
    FROM jsonb_to_recordset(${json(rows)}::jsonb)
      AS f (id uuid, owner uuid, delivery uuid, kept timestamptz, arrived timestamptz)`
  await longDb.$executeRaw`
    INSERT INTO object (key, file_id, state, put_expires_at, live_since)
    SELECT 'o/' || replace(id::text, '-', ''), id, 'live', created_at, created_at FROM file`
  await analyze()
  await longDb.$executeRaw`
    UPDATE file SET status = 'ready', ready_at = created_at, object_key = 'o/' || replace(id::text, '-', '')`
  await analyze()
  const within = files.flatMap(({ id, shares: own }) =>
    own.map(({ share, removed }) => ({ id, share: shares[share]?.id, removed: time(removed) })),
  )
  await longDb.$executeRaw`
    INSERT INTO share_file (share_id, file_id, position, removed_at)
    SELECT share, id, 1, removed
    FROM jsonb_to_recordset(${json(within)}::jsonb) AS f (id uuid, share uuid, removed timestamptz)`
  await longDb.$executeRaw`
    UPDATE member SET used_bytes = (SELECT coalesce(sum(size), 0) FROM file WHERE owner_id = member.id)`
}

/** Without statistics, new tables are read as if they had a few rows. */
const analyze = () => db.$executeRaw`ANALYZE`

/** As if a night had expected that any number of files is due next. */
const aNightBefore = async (at: Date) => {
  await db.installation.updateMany({ data: { retentionMailedAt: at } })
  await writeNight({
    ...{ due: 0, bytes: 0, deleted: 0, left: 0, next: FILES, soon: 0, soonBytes: 0 },
    ...{ waits: null, pause: null, isContinued: false, at: at.toISOString() },
  })
}

it(
  `deletes in a year of ${FILES} files what the rule says, in the night that it says`,
  async () => {
    const world = draw(drawing(Number(process.env.SEED ?? 46)))
    await write(world)
    await analyze()
    const goes = new Map(world.files.map((file) => [file.id, goesOn(world, file)]))
    let expected = new Set<string>()
    for (let night = 1; night <= NIGHTS; night++) {
      const day = (night * 400) / NIGHTS
      await aNightBefore(on(day - 1))
      const found = await lapseFiles({ now: on(day), doClocksAgree: async () => true, rest: 0 })
      const dueNow = [...goes].filter(([, at]) => at <= day).map(([id]) => id)
      expect(found?.deleted).toBe(dueNow.length - expected.size)
      expected = new Set(dueNow)
    }
    const gone = await db.file.findMany({
      where: { deletedAt: { not: null } },
      select: { id: true },
    })
    expect(new Set(gone.map(({ id }) => id))).toEqual(expected)
    expect(expected.size).toBeGreaterThan(FILES / 4)
    expect(expected.size).toBeLessThan((FILES * 9) / 10)
    const [wrong] = await db.$queryRaw<{ members: number; objects: number }[]>`
      SELECT (SELECT count(*)::int FROM member WHERE used_bytes <> (
          SELECT coalesce(sum(size), 0) FROM file WHERE owner_id = member.id AND deleted_at IS NULL)) AS members,
        (SELECT count(*)::int FROM object JOIN file ON file.id = file_id
          WHERE (state = 'live') <> (deleted_at IS NULL)) AS objects`
    expect(wrong).toEqual({ members: 0, objects: 0 })
  },
  PATIENCE_MS,
)
