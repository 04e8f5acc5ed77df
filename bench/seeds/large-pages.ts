import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import pg from "pg"
import { databaseUrl } from "#server/configuration/database-url.ts"
import { type MemberClient, read, type ShareView } from "../../e2e/member-client.ts"
import type { App } from "../app.ts"
import { fetchAsBrowser } from "../browser/browser-request.ts"
import { MIB } from "../figures.ts"
import { report } from "../measures.ts"
import { watchMemory } from "../process-usage.ts"

const FILES = [2_000, 10_000]
const AT_ONCE = 64
const LIVE_EVERY_MS = 20
const FOLDERS = 100

/**
 * Measures 64 simultaneous requests for pages of large shares: how long other requests wait
 * meanwhile, and how much memory the web process takes.
 */
export async function measureLargePages(app: App, member: MemberClient, rounds: number) {
  for (const files of FILES) {
    const { url } = await seedLargeShare(app, member, files)
    await app.restart()
    const slowestLive: number[] = []
    const seconds: number[] = []
    const maximum = watchMemory(app.webPid())
    for (let round = 0; round < rounds; round++) {
      const pages = { begun: performance.now(), left: AT_ONCE }
      const asked = Array.from({ length: AT_ONCE }, async () => {
        const { status, body } = await fetchAsBrowser(url)
        pages.left -= 1
        if (status !== 200 || !body.includes("Statement")) throw new Error(`a page was ${status}`)
      })
      let slowest = 0
      while (pages.left > 0) {
        const begun = performance.now()
        const live = await fetch(`${app.url}/api/live`)
        if (live.status !== 204) throw new Error(`/api/live was ${live.status}`)
        slowest = Math.max(slowest, performance.now() - begun)
        await sleep(LIVE_EVERY_MS)
      }
      await Promise.all(asked)
      slowestLive.push(slowest)
      seconds.push((performance.now() - pages.begun) / 1000)
    }
    const what = `${AT_ONCE} pages of ${files.toLocaleString("en")} files at once`
    report([
      {
        measure: `${what}: the slowest /api/live`,
        unit: "ms",
        figures: slowestLive,
        goal: { most: 250 },
      },
      { measure: `${what}: all answered`, unit: "s", figures: seconds },
      {
        measure: `${what}: memory of the web process, at most`,
        unit: "MiB",
        figures: [maximum() / MIB],
        goal: { most: 400 },
      },
    ])
  }
}

/** Creates a share with this many files, which exist only as rows. */
export async function seedLargeShare(app: App, member: MemberClient, files: number) {
  const first = await member.post("/files", { name: "Statement 0.pdf", size: 1 })
  const { file } = await read<{ file: { id: string } }>(first, 201)
  const made = await member.post("/shares", { fileIds: [file.id], title: "All statements" })
  const { id, url } = await read<ShareView>(made, 201)
  const client = new pg.Client({
    connectionString: databaseUrl(path.join(app.directory, "postgres")),
  })
  await client.connect()
  await client.query(
    `WITH made AS MATERIALIZED (
      SELECT gen_random_uuid() AS id, n, 'o/' || replace(gen_random_uuid()::text, '-', '') AS key
      FROM generate_series(1, $2 - 1) n
    ), filed AS (
      INSERT INTO file (id, owner_id, name, path, size, content_type)
      SELECT made.id, share.owner_id, 'Statement ' || n || '.pdf', 'Year ' || n % ${FOLDERS}, 1000, 'application/pdf'
      FROM made, share WHERE share.id = $1
    ), stored AS (
      INSERT INTO object (key, file_id, state, put_expires_at, live_since)
      SELECT key, id, 'live', now(), now() FROM made
    )
    INSERT INTO share_file (share_id, file_id, position) SELECT $1, id, n FROM made`,
    [id, files],
  )
  await client.query(
    `UPDATE file SET status = 'ready', ready_at = now(), object_key = object.key
     FROM object, share_file sf
     WHERE object.file_id = file.id AND sf.file_id = file.id AND sf.share_id = $1`,
    [id],
  )
  await client.end()
  return { id, url }
}
