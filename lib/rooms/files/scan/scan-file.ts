import "server-only"
import { scanBytes } from "#lib/adapters/clamd.ts"
import { configuration } from "#lib/adapters/configuration.ts"
import { db, sql, type Tx } from "#lib/adapters/database.ts"
import { log, messageOf } from "#lib/adapters/monitoring/log.ts"
import { readObject } from "#lib/adapters/storage.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { recordFile } from "#lib/rooms/audit/record-file.ts"
import { NO_RESULT, TOO_LARGE } from "#lib/rooms/files/file.ts"
import { giveColour } from "#lib/rooms/files/objects/give-colour.ts"
import { readSettings } from "#lib/rooms/settings/read-settings.ts"
import { type ArrivedFile, makeReady } from "./make-ready.ts"
import { queueScans, type ScanPlace } from "./queue-scan.ts"
import { replaceOlder } from "./replace-older.ts"
import { keepFile, type TakenFile, takeFile } from "./take-file.ts"
import { findUnchecked, type UncheckedFile } from "./unchecked-file.ts"

/** How often a scan looks whether its file is still there. */
const LOOK_MS = 3_000
/** A file is held after this many scans that were not answered in time or whose process died. */
const MAX_TRIES = 3

type Options = {
  /** Ends a scan that is under way. */
  signal?: AbortSignal | undefined
} & Pick<Parameters<typeof scanBytes>[1] & object, "silenceMs" | "totalMs">

/**
 * Scans the next file that has arrived: makes it ready if nothing is found, and holds it otherwise.
 * Without a result it stays as it is, and is scanned again later, but not without end. A file that
 * was deleted or released meanwhile stays so, and its scan ends. Patience is for tests.
 */
export async function scanNext(place: ScanPlace, options: Options = {}): Promise<void> {
  if (configuration.CLAMD_ADDRESS === undefined) return
  const taken = await takeFile(place)
  if (!taken) return
  await scanTaken(taken, options)
  await queueScans()
}

async function scanTaken(taken: TakenFile, { signal, ...patience }: Options) {
  const file = await findUnchecked(taken.id)
  if (file?.status !== "checking") return
  if (taken.tries > MAX_TRIES) return hold(file, NO_RESULT)
  const gone = new AbortController()
  const look = setInterval(() => {
    keepFile(taken).then(
      (isThere) => isThere || gone.abort(),
      () => {},
    ) // an outage may pass
  }, LOOK_MS)
  const ends = AbortSignal.any([gone.signal, ...(signal ? [signal] : [])])
  try {
    const bytes = wholeObject(file.key, file.size)
    const scanned = await scanBytes(bytes, { signal: ends, ...patience })
    if (scanned.result === "clean") await release(file, null)
    else if (scanned.result === "found") await hold(file, scanned.name)
    else if (scanned.result === "too_large") await passOrHold(file)
    else if (scanned.isLate && taken.tries >= MAX_TRIES) await hold(file, NO_RESULT)
    else await scanLater(file, taken, scanned)
  } catch (error) {
    await scanLater(file, taken, { problem: messageOf(error), isLate: false })
  } finally {
    clearInterval(look)
  }
}

async function passOrHold(file: UncheckedFile) {
  const { unscannable } = await readSettings()
  await (unscannable === "hold" ? hold(file, TOO_LARGE) : release(file, TOO_LARGE))
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

/** `unscanned`: why it is let through without a scan; null for a file that is clean. */
async function release({ id, key, colour }: UncheckedFile, unscanned: string | null) {
  const missing = () => refusal("conflict", "no_file")
  const given = await giveColour({ key, colour }, missing)
  await db.$transaction(async (tx) => {
    const set = sql`, held_for = ${unscanned}`
    const ready = await makeReady(tx, isChecking(id), { key, colour: given, set })
    if (ready) await replaceOlder(tx, id)
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

async function scanLater(
  { id, scanProblem }: UncheckedFile,
  { takenAt }: TakenFile,
  { problem, isLate }: { problem: string; isLate: boolean },
) {
  if (problem !== scanProblem)
    log.warn({ fileId: id, problem }, "a file could not be scanned, and is scanned again later")
  await db.$executeRaw`
    UPDATE file SET scan_problem = ${problem}, scan_until = clock_timestamp(),
      scan_tries = scan_tries - ${isLate ? 0 : 1}
    WHERE ${isChecking(id)} AND scan_taken_at = ${takenAt}::timestamptz AND deleted_at IS NULL`
}
