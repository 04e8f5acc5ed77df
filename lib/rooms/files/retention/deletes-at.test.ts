import { randomUUID } from "node:crypto"
import { beforeEach, describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { newPublicId } from "#lib/adapters/secrets.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { deletesAt, type Rule } from "./deletes-at.ts"

const DAY_MS = 86_400_000
const NOW = new Date("2026-06-01T12:00:00Z")
/** A time in days from NOW. */
const on = (days: number) => new Date(NOW.getTime() + days * DAY_MS)

const RULE: Rule = { sharedDays: 30, receivedDays: 60, unsharedDays: 90, keepDays: null }

async function setRule(rule: Partial<Rule>, changedAt = on(-100)) {
  const value = { ...RULE, ...rule }
  const row = { value, changedById: randomUUID(), changedAt }
  await db.setting.upsert({
    where: { name: "retention" },
    create: { name: "retention", ...row },
    update: row,
  })
}

type Link = { revokedAt?: Date; max?: number; usedUpAt?: Date }
type Share = {
  revokedAt?: Date
  expiresAt?: Date
  startsAt?: Date
  usedUpAt?: Date
  removedAt?: Date
  held?: boolean
  links?: Link[]
  askedAt?: Date
  answeredAt?: Date
}
type Received = {
  doneAt?: Date | null
  startedAt?: Date
  days?: number
  since?: Date
  revokedAt?: Date
}
type Situation = {
  file?: { readyAt?: Date; status?: "ready" | "uploading" | "checking" | "held"; keptUntil?: Date }
  shares?: Share[]
  received?: Received
  rule?: Partial<Rule>
  changedAt?: Date
  heldOwner?: boolean
  replaced?: { status?: "abandoned"; deletedAt?: Date }
}

const NEVER = new Date("2201-01-01T00:00:00Z")
const keyOf = (id: string) => `o/${id.replaceAll("-", "")}`

async function aFileIn(given: Situation): Promise<string> {
  const ownerId = await aMember()
  if (given.heldOwner)
    await db.member.update({ where: { id: ownerId }, data: { legalHoldAt: NOW } })
  await setRule(given.rule ?? {}, given.changedAt)
  const base = { ownerId, name: "a.txt", size: 5n, contentType: "text/plain" }
  const { status = "ready", readyAt = on(-10), keptUntil = null } = given.file ?? {}
  const delivery = given.received ? { deliveryId: await aDelivery(ownerId, given.received) } : {}
  const file = await db.file.create({
    data: { ...base, ...delivery, keptUntil, createdAt: readyAt },
  })
  await db.object.create({
    data: {
      key: keyOf(file.id),
      fileId: file.id,
      putExpiresAt: NOW,
      liveSince: NOW,
      state: "live",
    },
  })
  await db.file.update({
    where: { id: file.id },
    data:
      status === "ready" || status === "held"
        ? {
            status,
            objectKey: status === "ready" ? keyOf(file.id) : null,
            readyAt,
            heldAt: readyAt,
          }
        : { status },
  })
  if (given.replaced)
    await db.file.create({ data: { ...base, replacesId: file.id, ...given.replaced } })
  for (const share of given.shares ?? []) await shareIt(ownerId, file.id, share)
  return file.id
}

async function aDelivery(ownerId: string, { doneAt = on(-10), ...given }: Received) {
  const share = await db.share.create({
    data: { ownerId, kind: "request", maxTtlSeconds: 60, revokedAt: given.revokedAt ?? null },
  })
  const days = { deleteDays: given.days ?? null, deleteDaysSince: given.since ?? null }
  const limits = { maxFiles: 10, maxBytes: 1_000n }
  await db.request.create({ data: { shareId: share.id, ...limits, ...days } })
  const id = randomUUID()
  const startedAt = given.startedAt ?? on(-10)
  await db.delivery.create({ data: { id, shareId: share.id, startedAt, doneAt } })
  return id
}

async function shareIt(ownerId: string, fileId: string, given: Share) {
  const {
    links = [{}],
    askedAt,
    usedUpAt,
    held,
    answeredAt = null,
    removedAt = null,
    ...times
  } = given
  const { id: shareId } = await db.share.create({
    data: {
      ownerId,
      maxTtlSeconds: 60,
      ...times,
      legalHoldAt: held ? NOW : null,
      ...(usedUpAt && { maxDownloads: 1, downloads: 1 }),
    },
  })
  if (usedUpAt) await db.share.update({ where: { id: shareId }, data: { usedUpAt } })
  await db.shareFile.create({ data: { shareId, fileId, position: 1, removedAt } })
  for (const [place, link] of links.entries()) {
    const recipient = place > 0 && { open: false, name: "Pia", maxDownloads: link.max ?? null }
    const { id } = await db.link.create({
      data: {
        shareId,
        publicId: newPublicId(),
        revokedAt: link.revokedAt ?? null,
        ...recipient,
        ...(link.max && { downloads: link.max }),
      },
    })
    if (link.usedUpAt) await db.link.update({ where: { id }, data: { usedUpAt: link.usedUpAt } })
    if (askedAt && place === 0) {
      await db.question.create({ data: { shareId, linkId: id, note: "", at: askedAt, answeredAt } })
    }
  }
}

const read = async (id: string) => {
  const [row] = await db.$queryRaw<{ at: Date | null }[]>`
    SELECT ${deletesAt()} AS at FROM file WHERE id = ${id}::uuid`
  return row?.at ?? null
}

const ended = { expiresAt: on(-5) }

const SITUATIONS: [string, Situation, Date | null][] = [
  ["a file that was never shared goes by its arrival", {}, on(80)],
  ["without that rule it stays", { rule: { unsharedDays: null } }, null],
  [
    "a request whose own days were taken back leaves its files to the rule",
    { received: { since: on(-1) } },
    on(50),
  ],
  [
    "a request whose own days were taken back keeps its files without a rule",
    { received: { since: on(-1) }, rule: { receivedDays: null } },
    null,
  ],
  ["a share's end counts from then", { shares: [ended] }, on(25)],
  ["an end to come counts from then too", { shares: [{ expiresAt: on(5) }] }, on(35)],
  ["a share without an end keeps it", { shares: [{}] }, null],
  ["a scheduled share keeps it", { shares: [{ startsAt: on(5) }] }, null],
  ["an open share keeps it beside an ended one", { shares: [ended, {}] }, null],
  ["the last end of several counts", { shares: [ended, { revokedAt: on(-2) }] }, on(28)],
  [
    "the first of what ended a share counts",
    { shares: [{ ...ended, revokedAt: on(-20) }] },
    on(10),
  ],
  ["a removal from a share ends it for the file", { shares: [{ removedAt: on(-8) }] }, on(22)],
  ["a share that is used up ended then", { shares: [{ usedUpAt: on(-4) }] }, on(26)],
  ["a share whose only link is revoked", { shares: [{ links: [{ revokedAt: on(-3) }] }] }, on(27)],
  ["a share with one link left", { shares: [{ links: [{ revokedAt: on(-3) }, {}] }] }, null],
  [
    "a share whose last link is used up",
    { shares: [{ links: [{ revokedAt: on(-9) }, { max: 2, usedUpAt: on(-1) }] }] },
    on(29),
  ],
  ["without the rule of shares it stays", { shares: [ended], rule: { sharedDays: null } }, null],
  [
    "an unanswered question keeps it 30 days",
    { shares: [{ expiresAt: on(-40), askedAt: on(-3) }] },
    on(27),
  ],
  [
    "an answer leaves a week of them",
    { shares: [{ expiresAt: on(-40), askedAt: on(-9), answeredAt: on(-8) }] },
    on(-1),
  ],
  [
    "a late answer does not",
    { shares: [{ expiresAt: on(-40), askedAt: on(-29), answeredAt: on(-2) }] },
    on(1),
  ],
  ["a received file goes by its arrival", { received: {} }, on(50)],
  [
    "without that rule it stays, though never shared",
    { received: {}, rule: { receivedDays: null } },
    null,
  ],
  ["a request chooses fewer days", { received: { days: 20, since: on(-50) } }, on(10)],
  ["a request does not choose more", { received: { days: 90, since: on(-50) } }, on(50)],
  [
    "a request chooses days without a rule",
    {
      received: { days: 20, since: on(-50) },
      rule: { receivedDays: null, sharedDays: null, unsharedDays: null },
    },
    on(10),
  ],
  ["a choice says it seven days before", { received: { days: 1, since: on(-1) } }, on(6)],
  [
    "a delivery under way keeps it",
    { received: { doneAt: null, days: 1, since: on(-50) } },
    on(20),
  ],
  [
    "one whose request is revoked does not",
    { received: { doneAt: null, days: 1, since: on(-50), revokedAt: on(-2) } },
    on(-2),
  ],
  [
    "a delivery that is done late leaves its files a week",
    { received: { startedAt: on(-20), doneAt: on(-1) }, file: { readyAt: on(-70) } },
    on(6),
  ],
  [
    "unless their owner chose fewer days",
    { received: { doneAt: on(-1), days: 6, since: on(-50) }, file: { readyAt: on(-9) } },
    on(-1),
  ],
  ["an open share keeps a received file", { received: {}, shares: [{}] }, null],
  ["the later of both rules counts", { received: {}, shares: [{ expiresAt: on(40) }] }, on(70)],
  [
    "a received file that was shared goes by its shares alone without the other rule",
    { received: {}, shares: [ended], rule: { receivedDays: null } },
    on(25),
  ],
  ["a file that somebody keeps", { shares: [ended], file: { keptUntil: on(60) } }, on(60)],
  ["a file that is kept for less", { shares: [ended], file: { keptUntil: on(6) } }, on(25)],
  ["a file that is kept for good", { shares: [ended], file: { keptUntil: NEVER } }, null],
  ["an upload", { file: { status: "uploading" } }, null],
  ["a file that is checked", { file: { status: "checking" } }, null],
  ["a file that the scanner held", { file: { status: "held" } }, on(80)],
  ["a file whose replacement is on its way", { shares: [ended], replaced: {} }, null],
  [
    "a file whose replacement was given up stays a week",
    { shares: [{ expiresAt: on(-60) }], replaced: { status: "abandoned", deletedAt: on(-1) } },
    on(6),
  ],
  ["a legal hold on its owner", { shares: [ended], heldOwner: true }, null],
  ["a legal hold on a share that had it", { shares: [{ removedAt: on(-8), held: true }] }, null],
  [
    "nothing goes within seven days of a change",
    { shares: [{ expiresAt: on(-60) }], changedAt: on(-1) },
    on(6),
  ],
  [
    "a rule that is off",
    { shares: [ended], rule: { sharedDays: null, receivedDays: null, unsharedDays: null } },
    null,
  ],
]

describe("deletesAt", () => {
  it.each(SITUATIONS)("%s", async (_, situation, expected) => {
    expect(await read(await aFileIn(situation))).toEqual(expected)
  })

  it("is null without a setting", async () => {
    const id = await aFileIn({ shares: [ended] })
    await db.setting.deleteMany()
    expect(await read(id)).toBeNull()
  })

  it("is null for a deleted file", async () => {
    const id = await aFileIn({ shares: [ended] })
    await db.file.update({ where: { id }, data: { deletedAt: NOW, objectKey: null } })
    expect(await read(id)).toBeNull()
  })
})

describe("the time when a limit was reached", () => {
  beforeEach(() => setRule({}))

  it("is kept for a share, and gone when the limit is raised", async () => {
    const ownerId = await aMember()
    const { id } = await db.share.create({ data: { ownerId, maxTtlSeconds: 60, maxDownloads: 2 } })
    const write = async (data: { downloads?: number; maxDownloads?: number }) =>
      (await db.share.update({ where: { id }, data })).usedUpAt
    expect(await write({ downloads: 1 })).toBeNull()
    const first = await write({ downloads: 2 })
    expect(first).toBeInstanceOf(Date)
    expect(await write({ downloads: 3 })).toEqual(first)
    expect(await write({ maxDownloads: 9 })).toBeNull()
  })

  it("is kept for a link", async () => {
    const ownerId = await aMember()
    const { id: shareId } = await db.share.create({ data: { ownerId, maxTtlSeconds: 60 } })
    const publicId = newPublicId()
    const { id } = await db.link.create({
      data: { shareId, publicId, open: false, name: "Pia", maxDownloads: 2 },
    })
    const write = async (data: { downloads?: number; maxDownloads?: number }) =>
      (await db.link.update({ where: { id }, data })).usedUpAt
    const first = await write({ downloads: 2 })
    expect(first).toBeInstanceOf(Date)
    expect(await write({ downloads: 2 })).toEqual(first)
    expect(await write({ maxDownloads: 3 })).toBeNull()
  })
})
