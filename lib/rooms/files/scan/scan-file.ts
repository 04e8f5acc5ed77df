import "server-only"
import { scanBytes } from "#lib/adapters/clamd.ts"
import { configuration } from "#lib/adapters/configuration.ts"
import { db, sql, type Tx } from "#lib/adapters/database.ts"
import { log, messageOf } from "#lib/adapters/monitoring/log.ts"
import { readObject } from "#lib/adapters/storage.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { recordFile } from "#lib/rooms/audit/record-file.ts"
import { giveColour } from "#lib/rooms/files/objects/give-colour.ts"
import { readSettings } from "#lib/rooms/settings/read-settings.ts"
import { type ArrivedFile, makeReady } from "./make-ready.ts"
import { queueScan } from "./queue-scan.ts"
import { findUnchecked, type UncheckedFile } from "./unchecked-file.ts"

/** Why a file is held that is larger than what is scanned. */
export const TOO_LARGE = "too_large"

/**
 * Scans a file that has arrived: makes it ready if nothing is found, and holds it otherwise. Without
 * a result it stays as it is, and is scanned again later. A file that was deleted or released
 * meanwhile stays so. `signal` ends a scan that is under way.
 */
export async function scanFile(id: string, signal?: AbortSignal): Promise<void> {
  const file = await findUnchecked(id)
  if (file?.status !== "checking") return
  try {
    const scanned = await scan(file, signal)
    if (scanned.result === "none") await scanLater(file, scanned.problem)
    else if (scanned.result === "found") await hold(file, scanned.name)
    else await release(file, scanned.unscanned)
  } catch (error) {
    await scanLater(file, messageOf(error))
  }
}

/** `unscanned`: why a file is let through without a scan; null for one that is clean. */
type Outcome =
  | { result: "clean"; unscanned: string | null }
  | { result: "found"; name: string }
  | { result: "none"; problem: string }

/** clamd reports a file that exceeds its limits so, if AlertExceedsMax is on. */
const LIMITS = /^Heuristics\.Limits\.Exceeded/

async function scan({ key, size }: UncheckedFile, signal?: AbortSignal): Promise<Outcome> {
  if (configuration.SCAN === "off") return { result: "none", problem: "SCAN is off" }
  if (size > configuration.SCAN_MAX_BYTES) return tooLarge()
  const scanned = await scanBytes(wholeObject(key, size), { signal })
  if (scanned.result === "found" && LIMITS.test(scanned.name)) return tooLarge()
  return scanned.result === "clean" ? { ...scanned, unscanned: null } : scanned
}

async function tooLarge(): Promise<Outcome> {
  return (await readSettings()).unscannable === "hold"
    ? { result: "found", name: TOO_LARGE }
    : { result: "clean", unscanned: TOO_LARGE }
}

/** Yields the bytes of an object. Throws if they are not as many as the file has. */
async function* wholeObject(key: string, size: number) {
  let left = size
  for await (const chunk of readObject(key)) {
    left -= chunk.length
    yield chunk
  }
  if (left !== 0) throw new Error("the object has another size than the file")
}

const isChecking = (id: string) => sql`id = ${id}::uuid AND status = 'checking'`

async function release({ id, key, colour }: UncheckedFile, unscanned: string | null) {
  const missing = () => refusal("conflict", "no_file")
  const given = await giveColour({ key, colour }, missing)
  await db.$transaction(async (tx) => {
    const ready = await makeReady(tx, isChecking(id), { key, colour: given })
    if (ready && unscanned) await record(tx, "file.release", ready, { found: unscanned })
  })
}

async function hold({ id }: UncheckedFile, name: string) {
  await db.$transaction(async (tx) => {
    const [file] = await tx.$queryRaw<{ name: string; path: string; size: bigint }[]>`
      UPDATE file SET status = 'held', held_for = ${name}, held_at = clock_timestamp(),
        scan_problem = NULL
      WHERE ${isChecking(id)} AND deleted_at IS NULL RETURNING name, path, size`
    if (!file) return
    const details = { name: file.name, size: Number(file.size) }
    await record(tx, "file.hold", { targetId: id, path: file.path, details }, { found: name })
  })
}

const record = (
  tx: Tx,
  action: "file.hold" | "file.release",
  { details, ...file }: ArrivedFile,
  more: Record<string, string>,
) =>
  recordFile(tx, {
    actorId: null,
    action,
    ...file,
    details: { ...details, name: plainName(details.name), ...more },
  })

/** Waits longer the longer the file has been waiting: half a minute to five minutes. */
async function scanLater({ id, scanProblem }: UncheckedFile, problem: string) {
  if (problem !== scanProblem)
    log.warn({ fileId: id, problem }, "a file could not be scanned, and is scanned again later")
  await db.$transaction(async (tx) => {
    const [next] = await tx.$queryRaw<{ runAt: Date }[]>`
      UPDATE file SET scan_problem = ${problem}
      WHERE ${isChecking(id)} AND deleted_at IS NULL
      RETURNING clock_timestamp() + least(interval '5 minutes',
        greatest(interval '30 seconds', (clock_timestamp() - unchecked_since) / 4)) AS "runAt"`
    if (next) await queueScan(tx, id, next.runAt)
  })
}
