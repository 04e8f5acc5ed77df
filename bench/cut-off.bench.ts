import { setTimeout as sleep } from "node:timers/promises"
import { uploadLarge } from "../e2e/files/large-file.ts"
import { type MemberClient, read, signInClient } from "../e2e/member-client.ts"
import { ADMIN, startApp, takeDataOf } from "./app.ts"
import { MIB, median, percentile, table } from "./figures.ts"
import { report } from "./measures.ts"

// Measures how soon a cut off ends a URL that was handed out: from the call to the first answer of
// the store that refuses it, for small and large objects.
// npm run bench -- cut-off [rounds] [largest object, MiB] [ceph]
const ROUNDS = Number(process.argv[2] ?? 20)
const LARGEST = Number(process.argv[3] ?? 5 * 1024)
const SIZES = [1, 1024, 5 * 1024].filter((size) => size <= LARGEST)

type Ended = { refused: number; answered: number; how: string | null }
type Cut = { exposedUntil: string | null; cutOff: { state: string; how: string | null } | null }

const ceph = process.argv[4] === "ceph" ? await startCephStore() : null
const app = await startApp(ceph?.settings)
try {
  takeDataOf(app, ceph?.settings)
  const admin = await signInClient(app.url, ADMIN)
  await endUrls(admin)
} finally {
  const { disconnect } = await import("#lib/adapters/database.ts")
  await disconnect()
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
    const refused = ended.map((one) => one.refused)
    const p99 = percentile(refused, 0.99)
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

async function aLargeShare(member: MemberClient, mib: number): Promise<Shared> {
  const name = `${mib} MiB.bin`
  const file = await (mib === 1
    ? member.upload(name, Buffer.alloc(MIB))
    : uploadLarge(member, name, mib * MIB))
  const share = await member.shareFiles([file.id])
  return { shareId: share.id, url: share.url, fileId: file.id }
}

function ms(value: number) {
  return `${value.toFixed(1)} ms`
}
