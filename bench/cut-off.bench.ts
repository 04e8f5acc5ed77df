import { setTimeout as sleep } from "node:timers/promises"
import { uploadLarge } from "../e2e/files/large-file.ts"
import { type MemberClient, read, signInClient } from "../e2e/member-client.ts"
import { ADMIN, startApp, takeDataOf } from "./app.ts"
import { MIB, median, percentile, table } from "./figures.ts"
import { report } from "./measures.ts"

// Measures how soon a cut off ends a URL that was handed out: from the call to the first answer of
// the store that refuses it, for small and large objects, and for the link of one of 1,000
// recipients, whose page it measures as well.
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
  const small = await aLargeShare(member, 1)
  const link = await aRecipientsLink(member, small)
  const cuts = [{ name: "1 MiB, of a recipient", cut: link, most: 100 }]
  for (const size of SIZES)
    cuts.push({ name: `${size} MiB`, cut: await aLargeShare(member, size), most: 50 })
  for (const { name, cut, most } of cuts) {
    const ended: Ended[] = []
    for (let round = 0; round <= ROUNDS; round++) {
      await colour(cut.fileId)
      const result = await endOne(member, cut)
      if (result.how !== "recoloured") throw new Error(`${result.how} in place of recoloured`)
      if (round > 0) ended.push(result) // the first one warms up
    }
    const refused = ended.map((one) => one.refused)
    const p99 = percentile(refused, 0.99)
    const answered = median(ended.map((one) => one.answered))
    const row = [name, ms(median(refused)), ms(p99), ms(answered)]
    console.log(row.join(", ")) // keeps the result if a later size fails
    rows.push(row)
    const measure = `a URL of ${name} refused after a cut off, p99 of ${ROUNDS}`
    report([{ measure, unit: "ms", figures: [p99], goal: { most } }])
  }
  console.log(`
${ROUNDS} rounds each, from the call
${table(["object", "first refusal, median", "p99", "answer of the call"], rows)}`)
}

/**
 * What is cut off: a share, or the link of its first recipient, by its path in the API, and the path
 * of its state.
 */
type Shared = { at: string; state: string; url: string; fileId: string }

async function endOne(member: MemberClient, { at, state, url, fileId }: Shared): Promise<Ended> {
  const kept = await click(url, fileId)
  const first = await ask(kept)
  if (first !== 206) throw new Error(`The store answers ${first} before the cut off.`)
  const startedAt = performance.now()
  const refusal = untilRefused(kept, startedAt)
  const answer = await member.post(`${at}/revoke`, { cutOff: true })
  const cut = await read<Cut>(answer, 200)
  const answered = performance.now() - startedAt
  const refused = await refusal
  const how = await untilCutOff(member, state, cut)
  await read(await member.post(`${at}/restore`), 200)
  return { refused, answered, how }
}

/** Waits for the end of a cut off: the call itself waits two seconds at most. */
async function untilCutOff(member: MemberClient, state: string, { cutOff }: Cut) {
  for (let now = cutOff; ; ) {
    if (now?.state !== "running") return now?.how ?? null
    await sleep(20)
    const answer = await read<Cut & { items?: Cut[] }>(await member.get(state), 200)
    now = (answer.items?.[0] ?? answer).cutOff
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
  const at = `/shares/${share.id}`
  return { at, state: at, url: share.url, fileId: file.id }
}

/** Adds 1,000 recipients to a share, and measures its page. */
async function aRecipientsLink(member: MemberClient, share: Shared): Promise<Shared> {
  const links: { id: string; url: string }[] = []
  const made: number[] = []
  for (let batch = 0; batch < 10; batch++) {
    const recipients = Array.from({ length: 100 }, (_, n) => `P${n} <p${n}-${batch}@example.org>`)
    const startedAt = performance.now()
    const answer = await member.post(`${share.at}/links/batch`, { recipients })
    made.push(performance.now() - startedAt)
    const { items } = await read<{ items: { link: { id: string; url: string } }[] }>(answer, 201)
    links.push(...items.map(({ link }) => link))
  }
  const pages: number[] = []
  for (let n = 0; n <= ROUNDS; n++) {
    const startedAt = performance.now()
    const page = await member.context.get(`${app.url}${share.at}`)
    const shows = (await page.text()).includes("p0-0@example.org")
    if (!shows) throw new Error("The page lacks a recipient.")
    if (n > 0) pages.push(performance.now() - startedAt)
  }
  report([
    { measure: "100 recipients added", unit: "ms", figures: made },
    {
      measure: "the page of a share of 1,000 recipients",
      unit: "ms",
      figures: pages,
      goal: { most: 300 },
    },
  ])
  const [{ id, url } = { id: "", url: "" }] = links
  return { ...share, at: `${share.at}/links/${id}`, state: `${share.at}/links?limit=1`, url }
}

function ms(value: number) {
  return `${value.toFixed(1)} ms`
}
