import { setTimeout as sleep } from "node:timers/promises"
import { type MemberClient, read, signInClient } from "../e2e/member-client.ts"
import { startApp, takeDataOf } from "./app.ts"
import { MIB, median, table } from "./figures.ts"
import { startLoad, stopChildren } from "./load/child-processes.ts"
import { clicksOn } from "./load/clicks.ts"
import { report } from "./measures.ts"

// Measures how soon a cut off ends a URL that was handed out: from the call to the first answer of
// the store that refuses it, for small and large objects; and how long a bulk cut off of many
// shares takes, with clicks on other shares meanwhile. It uses the app's own database, store and
// addresses; this process puts the files into the store.
// npm run bench -- cut-off [rounds] [largest object, MiB] [shares of a bulk cut off] [ceph]
const ROUNDS = Number(process.argv[2] ?? 20)
const LARGEST = Number(process.argv[3] ?? 5 * 1024)
const PANIC_SHARES = Number(process.argv[4] ?? 10_000)
const SIZES = [1, 1024, 5 * 1024].filter((size) => size <= LARGEST)
const PART_BYTES = 256 * MIB
const CONNECTIONS = 16
const ADMIN = { email: "ada@example.org", password: "a quiet harbour in winter" }

type Ended = { refused: number; answered: number; how: string | null }
type Cut = { exposedUntil: string | null; cutOff: { state: string; how: string | null } | null }

const ceph = process.argv[5] === "ceph" ? await startCephStore() : null
const app = await startApp({
  ADMIN_EMAIL: ADMIN.email,
  ADMIN_PASSWORD: ADMIN.password,
  ...ceph?.settings,
})
try {
  takeDataOf(app, ceph?.settings)
  const admin = await signInClient(app.url, ADMIN)
  await endUrls(admin)
  if (PANIC_SHARES > 0) await panic(admin)
} finally {
  const { disconnect } = await import("#lib/adapters/database.ts")
  await disconnect()
  await stopChildren()
  await app.stop()
  await ceph?.stop()
}

/** Starts a Ceph with a bucket and three signers; returns the settings of an app on it. */
async function startCephStore() {
  process.env.LAPSE_TEST_STORE = "ceph"
  const { startStore } = await import("#testing/store/start-store.ts")
  const { testEnvironment } = await import("#testing/run/test-environment.ts")
  const { store, stop } = await startStore("")
  const settings: Record<string, string> = {}
  for (const [name, value] of Object.entries(testEnvironment("", store))) {
    if (/^(S3|AWS)_/.test(name) && value) settings[name] = value
  }
  return { settings, stop }
}

/** Measures one URL after another: each is handed out, cut off and requested continuously. */
async function endUrls(member: MemberClient) {
  const rows: string[][] = []
  for (const size of SIZES) {
    const { shareId, url, fileId } = await aLargeShare(member, size)
    const ended: Ended[] = []
    for (let round = 0; round <= ROUNDS; round++) {
      await colour(fileId)
      const result = await endOne(member, { shareId, url, fileId })
      if (result.how !== "recoloured") throw new Error(`${result.how} in place of recoloured`)
      if (round > 0) ended.push(result) // the first one warms up
    }
    const refused = ended.map((one) => one.refused).sort((a, b) => a - b)
    const p99 = refused[Math.ceil(refused.length * 0.99) - 1] ?? Number.NaN
    const answered = median(ended.map((one) => one.answered))
    const row = [`${size} MiB`, ms(median(refused)), ms(p99), ms(answered)]
    console.log(row.join(", ")) // keeps the result if a later size fails
    rows.push(row)
    const measure = `a URL of ${size} MiB refused after a cut off, p99 of ${ROUNDS}`
    report([{ measure, unit: "ms", figures: [p99], goal: { most: 50 } }])
  }
  console.log(`
${ROUNDS} rounds each, from the call
${table(["object", "first refusal, median", "p99", "answer of the call"], rows)}`)
}

type Shared = { shareId: string; url: string; fileId: string }

async function endOne(member: MemberClient, { shareId, url, fileId }: Shared): Promise<Ended> {
  const kept = await click(url, fileId)
  const first = await ask(kept)
  if (first !== 206) throw new Error(`The store answers ${first} before the cut off.`)
  const startedAt = performance.now()
  const refusal = untilRefused(kept, startedAt)
  const answer = await member.post(`/shares/${shareId}/revoke`, { cutOff: true })
  await read<Cut>(answer, 200)
  const answered = performance.now() - startedAt
  const refused = await refusal
  const how = await untilCutOff(member, shareId)
  await read(await member.post(`/shares/${shareId}/restore`), 200)
  return { refused, answered, how }
}

/** Waits for the end of a cut off: the call itself waits two seconds at most. */
async function untilCutOff(member: MemberClient, shareId: string) {
  for (;;) {
    const { cutOff } = await read<Cut>(await member.get(`/shares/${shareId}`), 200)
    if (cutOff?.state !== "running") return cutOff?.how ?? null
    await sleep(20)
  }
}

async function untilRefused(kept: string, startedAt: number) {
  for (;;) {
    const askedAt = performance.now()
    if ((await ask(kept)) >= 400) return askedAt - startedAt
  }
}

async function ask(url: string) {
  const answer = await fetch(url, { headers: { range: "bytes=0-0" } })
  await answer.arrayBuffer()
  return answer.status
}

async function click(shareUrl: string, fileId: string) {
  const answer = await fetch(`${shareUrl}/d/${fileId}`, { method: "POST", redirect: "manual" })
  const location = answer.headers.get("location")
  if (answer.status !== 303 || !location) throw new Error(`A click answers ${answer.status}.`)
  return location
}

/** Gives the file's object a colour, and makes every other colour usable again. */
async function colour(fileId: string) {
  const { db } = await import("#lib/adapters/database.ts")
  const { colourObject } = await import("#lib/adapters/storage.ts")
  const { key } = await db.object.findFirstOrThrow({ where: { fileId, state: "live" } })
  await colourObject(key, "amber")
  await db.object.update({
    where: { key },
    data: { colour: "amber", leftColours: {}, colourSince: new Date(0) },
  })
}

/** A share of a file of this many MiB: this process replaces a small object by a large one. */
async function aLargeShare(member: MemberClient, mib: number): Promise<Shared> {
  const { db } = await import("#lib/adapters/database.ts")
  const file = await member.upload(`${mib} MiB.bin`, Buffer.from("small"))
  const share = await member.shareFiles([file.id])
  const { key } = await db.object.findFirstOrThrow({ where: { fileId: file.id } })
  await putLarge(key, mib * MIB)
  await db.file.update({ where: { id: file.id }, data: { size: BigInt(mib * MIB) } })
  return { shareId: share.id, url: share.url, fileId: file.id }
}

async function putLarge(key: string, size: number) {
  const s3 = await import("@aws-sdk/client-s3")
  const client = new s3.S3Client({
    ...(process.env.S3_ENDPOINT ? { endpoint: process.env.S3_ENDPOINT } : {}),
    region: "us-east-1",
    forcePathStyle: true,
  })
  const object = { Bucket: "lapse", Key: key }
  const { UploadId } = await client.send(new s3.CreateMultipartUploadCommand(object))
  const Parts: { PartNumber: number; ETag: string | undefined }[] = []
  for (let PartNumber = 1; (PartNumber - 1) * PART_BYTES < size; PartNumber++) {
    const Body = Buffer.alloc(Math.min(PART_BYTES, size - (PartNumber - 1) * PART_BYTES))
    const part = { ...object, UploadId, PartNumber, Body }
    const { ETag } = await client.send(new s3.UploadPartCommand(part))
    Parts.push({ PartNumber, ETag })
  }
  const MultipartUpload = { Parts }
  await client.send(new s3.CompleteMultipartUploadCommand({ ...object, UploadId, MultipartUpload }))
  client.destroy()
}

/** Cuts off many shares of one member at once, some or all of which were opened. */
async function panic(admin: MemberClient) {
  const load = startLoad()
  const { aLink } = await import("#testing/builders/a-link.ts")
  const others = await Promise.all(Array.from({ length: 50 }, () => aLink({ minted: true })))
  const requests = clicksOn(app.port, others)
  const target = { port: app.port, requests, connections: CONNECTIONS }
  await load({ ...target, seconds: 2 })
  const rows: string[][] = []
  for (const opened of new Set([Math.min(100, PANIC_SHARES), PANIC_SHARES])) {
    const ownerId = await seedPanic(PANIC_SHARES, opened)
    // The sign-in may be too long ago for a revocation by an admin.
    await admin.post("/me/confirm", { password: ADMIN.password })
    const before = await load({ ...target, seconds: 4 })
    const startedAt = performance.now()
    const clicks = load({ ...target, seconds: 4 })
    const answer = await admin.post("/admin/shares/revoke", { ownerId, cutOff: true })
    const { id } = await read<{ id: string }>(answer, 202)
    const revocation = await untilDone(admin, id)
    const seconds = (performance.now() - startedAt) / 1000
    const during = await clicks
    report([
      {
        measure: `clicks while ${PANIC_SHARES} shares are cut off, ${opened} opened`,
        against: "before",
        figures: [during.perSecond / before.perSecond],
        goal: { least: 0.8 },
      },
    ])
    rows.push([
      `${PANIC_SHARES} shares, ${opened} opened`,
      `${seconds.toFixed(2)} s`,
      `${revocation.objects} ${revocation.how}`,
      `${(during.perSecond / before.perSecond).toFixed(2)} of ${before.perSecond.toFixed(0)}/s`,
    ])
  }
  console.log(`\n${table(["panic", "done after", "objects", "clicks meanwhile"], rows)}`)
}

async function untilDone(admin: MemberClient, id: string) {
  for (;;) {
    const answer = await admin.get(`/admin/revocations/${id}`)
    const revocation = await read<{ state: string; how: string; objects: number }>(answer, 200)
    if (revocation.state === "done") return revocation
    await sleep(20)
  }
}

/**
 * Creates shares of a new member, each with a file in the store; a URL of the first ones was
 * minted.
 */
async function seedPanic(count: number, opened: number): Promise<string> {
  const { db } = await import("#lib/adapters/database.ts")
  const { eachOf } = await import("#lib/rooms/cut-offs/each-of.ts")
  const { colourObject } = await import("#lib/adapters/storage.ts")
  const { aMember } = await import("#testing/builders/a-member.ts")
  const owner = await aMember()
  await db.$executeRaw`
    WITH made AS (
      INSERT INTO file (id, owner_id, name, size, content_type, status, ready_at)
      SELECT gen_random_uuid(), ${owner}::uuid, 'file ' || n, 1, 'text/plain', 'uploading', now()
      FROM generate_series(1, ${count}::int) AS n RETURNING id
    ), held AS (
      INSERT INTO object (key, file_id, state, live_since, put_expires_at, colour, colour_since)
      SELECT 'o/' || encode(sha256(id::text::bytea), 'hex'), id, 'live', now(), now(), 'amber', now()
      FROM made RETURNING key, file_id
    ), shared AS (
      INSERT INTO share (id, owner_id, max_ttl_seconds, expires_at, minted)
      SELECT id, ${owner}::uuid, 60, now() + interval '7 days', true FROM made RETURNING id
    ), links AS (
      INSERT INTO link (id, share_id, public_id)
      SELECT gen_random_uuid(), id, substr(sha256(id::text::bytea), 1, 8) FROM made
    )
    INSERT INTO share_file (share_id, file_id, position) SELECT id, id, 0 FROM made`
  await db.$executeRaw`
    UPDATE file SET object_key = object.key, status = 'ready' FROM object
    WHERE object.file_id = file.id AND file.owner_id = ${owner}::uuid`
  const objects = await db.object.findMany({
    where: { file: { ownerId: owner } },
    select: { key: true },
  })
  await eachOf(objects, 32, async ({ key }) => {
    await putSmall(key)
    await colourObject(key, "amber")
  })
  await db.$executeRaw`
    INSERT INTO event (share_id, file_id, kind)
    SELECT id, id, 'claim' FROM share WHERE owner_id = ${owner}::uuid ORDER BY id LIMIT ${opened}::int`
  return owner
}

async function putSmall(key: string) {
  const { presignPut } = await import("#lib/adapters/storage.ts")
  const { url, headers } = await presignPut({
    key,
    size: 1,
    contentType: "text/plain",
    signedAt: new Date(),
  })
  const { status } = await fetch(url, { method: "PUT", headers, body: "x" })
  if (status !== 200) throw new Error(`The store answered ${status}.`)
}

function ms(value: number) {
  return `${value.toFixed(1)} ms`
}
