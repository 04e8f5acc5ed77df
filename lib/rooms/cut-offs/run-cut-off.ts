import "server-only"
import { setTimeout as sleep } from "node:timers/promises"
import { db } from "#lib/adapters/database.ts"
import { log } from "#lib/adapters/monitoring/log.ts"
import { warnOnFailure } from "#lib/adapters/outages/warn-on-failure.ts"
import { addJob } from "#lib/adapters/queue.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"
import { destroyObject } from "#lib/rooms/files/objects/destroy-object.ts"
import type { CutOffHow } from "./cut-off.ts"
import { eachOf } from "./each-of.ts"
import { findLiveUrls } from "./live-urls/find-live-urls.ts"
import { finishExposures } from "./live-urls/finish-exposures.ts"
import { probeAfter, probeBefore } from "./live-urls/probe-url.ts"
import { waitForClaims } from "./live-urls/wait-for-claims.ts"
import { rekeyFile } from "./rekey-file.ts"
import { distrustRecoloured, recolourFiles, resolveTags } from "./tags/recolour-files.ts"
import { formerKeys, markDone, type UnfinishedFile, unfinishedFiles } from "./unfinished-files.ts"

const LEASE_SECONDS = 15
const RENEW_MS = 5_000
const COPIES_AT_ONCE = 4
const SHORTEST_PAUSE_MS = 5
const LONGEST_PAUSE_MS = 500

type Started = { id: string; fileId: string | null; linkId: string | null }

/**
 * Ends every URL of a cut off. Returns when that is done, or at once if another process is working
 * on it. If this process dies, a job continues.
 */
export async function runCutOff(id: string): Promise<void> {
  const started = await lease(id)
  if (!started) return
  const renewal = setInterval(() => void renew(id), RENEW_MS)
  try {
    await end(started)
  } finally {
    clearInterval(renewal)
    await db.cutOff.updateMany({ where: { id, doneAt: null }, data: { leasedUntil: null } })
  }
}

/** The job that continues a cut off. Waits for the process that is working on it. */
export async function continueCutOff(id: string): Promise<void> {
  await runCutOff(id)
  const [open] = await db.$queryRaw<{ at: Date }[]>`
    SELECT greatest(leased_until, clock_timestamp()) + interval '1 second' AS at
    FROM cut_off WHERE id = ${id}::uuid AND done_at IS NULL`
  if (open) await db.$transaction((tx) => addJob(tx, "cutOff", { id }, { runAt: open.at }))
}

/** Runs a cut off for a request, which waits at most `ms`. A job retries a failure. */
export async function runCutOffFor(id: string, ms: number): Promise<void> {
  const run = warnOnFailure(runCutOff(id), "a cut off is left to its job")
  await Promise.race([run, sleep(ms, undefined, { ref: false })])
}

async function lease(id: string): Promise<Started | null> {
  const [started] = await db.$queryRaw<Started[]>`
    UPDATE cut_off SET started_at = coalesce(started_at, clock_timestamp()),
      leased_until = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS}::int)
    WHERE id = ${id}::uuid AND done_at IS NULL AND all_added_at IS NOT NULL
      AND (leased_until IS NULL OR leased_until < clock_timestamp())
    RETURNING id, file_id AS "fileId", link_id AS "linkId"`
  return started ?? null
}

const renew = (id: string) =>
  db.$executeRaw`
    UPDATE cut_off SET leased_until = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS}::int)
    WHERE id = ${id}::uuid AND done_at IS NULL`.catch((error) =>
    log.warn({ error }, "the lease of a cut off could not be renewed"),
  )

// Two processes may work on it at the same time if one was frozen. They do not affect each other or
// the result, because each step of a file is a conditional statement on its rows.
async function end(cutOff: Started) {
  const { id } = cutOff
  await waitForClaims(id)
  await findLiveUrls(cutOff)
  const probe = await probeBefore(id)
  await endEach(id)
  let after = probe && (await probeAfter(probe))
  if (isServed(after) && (await distrustRecoloured(id))) {
    log.error("the store serves files to signers of another colour: a cut off copies them")
    await endEach(id)
    after = probe && (await probeAfter(probe))
  }
  await finish(id, { before: probe?.before ?? null, after })
}

const isServed = (status: number | null) => status !== null && status < 400

async function endEach(id: string) {
  for (let pause = SHORTEST_PAUSE_MS; ; ) {
    while ((await recolourFiles(id)) > 0) pause = SHORTEST_PAUSE_MS
    const open = await unfinishedFiles(id)
    if (open.length === 0) return
    if (await endSome(id, open)) pause = SHORTEST_PAUSE_MS
    else {
      await sleep(Math.max(1, Math.min(pause, ...open.map(({ lapsesInMs }) => lapsesInMs))))
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS)
    }
  }
}

/** Does the next step for each of these files. Returns whether anything changed. */
async function endSome(id: string, open: UnfinishedFile[]): Promise<boolean> {
  const needing = (need: UnfinishedFile["need"]) => open.filter((file) => file.need === need)
  const [lapsed, recoloured] = [needing("lapsed"), needing("recoloured")]
  await markDone(id, lapsed, "lapsed")
  await markDone(id, recoloured, "recoloured")
  const abandoned = needing("abandoned").flatMap(coloured)
  await resolveTags(id, abandoned)
  const destroyed = await filterBy(needing("destroyed"), destroyFormer)
  await markDone(id, destroyed, "rekeyed")
  const rekeyed = await filterBy(needing("rekey"), rekey)
  return [lapsed, recoloured, abandoned, destroyed, rekeyed].some((files) => files.length > 0)
}

const coloured = ({ key, colour }: UnfinishedFile) => (key && colour ? [{ key, colour }] : [])

async function filterBy(files: UnfinishedFile[], work: (file: UnfinishedFile) => Promise<boolean>) {
  const done: UnfinishedFile[] = []
  await eachOf(files, COPIES_AT_ONCE, async (file) => {
    if (await work(file)) done.push(file)
  })
  return done
}

async function destroyFormer(file: UnfinishedFile) {
  let gone = true
  for (const key of await formerKeys(file)) gone = (await destroyObject(key)) && gone
  return gone
}

/** If a copy takes longer than its URLs are valid, it continues, but is not waited for. */
async function rekey({ key, size, fileId, kind, contentType, lapsesInMs }: UnfinishedFile) {
  if (key === null) return false
  const copied = rekeyFile({ fileId, kind, key, size: Number(size), contentType })
  copied.catch((error) => log.warn({ error }, "a file could not be copied to another key"))
  return Promise.race([copied, sleep(lapsesInMs, false, { ref: false })])
}

/** If URLs ended by themselves, the probe proves nothing, because its URL may still have worked. */
async function finish(id: string, { before, after }: Tried) {
  const lapsed = await db.cutOffFile.count({ where: { cutOffId: id, how: "lapsed" } })
  const status = lapsed > 0 ? null : after
  if (isServed(status)) log.error({ cutOff: id }, "a URL still works after its cut off")
  else await finishExposures(id)
  await db.$transaction(async (tx) => {
    const [ended] = await tx.$queryRaw<Ended[]>`
      WITH ended AS (
        UPDATE cut_off SET done_at = clock_timestamp(), leased_until = NULL,
          probe_before = ${status === null ? null : before}::smallint,
          probe_after = ${status}::smallint,
          probed_at = CASE WHEN ${status !== null} THEN clock_timestamp() END
        WHERE id = ${id}::uuid AND done_at IS NULL
        RETURNING id, (extract(epoch FROM done_at - requested_at) * 1000)::float8 AS ms
      )
      SELECT round(ms)::int AS ms, coalesce(max(file.how), 'nothing_out')::text AS how,
        count(DISTINCT file.file_id) FILTER (WHERE file.how IS NOT NULL)::int AS files
      FROM ended LEFT JOIN cut_off_file file ON file.cut_off_id = ended.id GROUP BY ms`
    if (!ended) return
    const details = { ...ended, how: isServed(status) ? "served" : ended.how }
    await recordAudit(tx, { actorId: null, action: "cut_off.end", targetId: id, details })
  })
}

type Ended = { ms: number; how: CutOffHow; files: number }

type Tried = { before: number | null; after: number | null }
