import "server-only"
import { logOutage } from "./outage-log.ts"
import { statement } from "./statement.ts"

/** Where the processes tell each other which shares had events. */
export const NUDGES = "lapse_shares"

/** A process notifies once in so long, however many events it wrote: each NOTIFY takes a lock of the whole server when it commits. */
const GATHER_MS = 1_000
/** What a payload of 8,000 bytes holds. */
const IDS_IN_ONE = 200

type Gathering = { shareIds: Set<string>; timer: NodeJS.Timeout | null }

// Next's bundle and natively loaded code are two instances of this module.
const held = globalThis as typeof globalThis & { lapseNudges?: Gathering | null }

const notify = statement(
  "nudge",
  { payloads: "text[]" },
  `SELECT pg_notify('${NUDGES}', payload) FROM unnest(:payloads) AS payload`,
)

/** From now on what is noted is sent. Returns how to stop it. */
export function startNudges(): () => void {
  const gathering: Gathering = { shareIds: new Set(), timer: null }
  held.lapseNudges = gathering
  return () => {
    if (gathering.timer) clearTimeout(gathering.timer)
    if (held.lapseNudges === gathering) held.lapseNudges = null
  }
}

/**
 * Notes that these shares had events, which are committed: open pages of theirs read their numbers
 * again. The first one is sent at once, what follows within the second together. Nothing waits for
 * it, and what a crash loses is only the nudge.
 */
export function nudge(shareIds: Iterable<string>): void {
  const gathering = held.lapseNudges
  if (!gathering) return
  for (const id of shareIds) gathering.shareIds.add(id)
  if (!gathering.timer && gathering.shareIds.size > 0) void send(gathering)
}

async function send(gathering: Gathering) {
  const ids = [...gathering.shareIds]
  gathering.shareIds.clear()
  const sent = notifyOf(ids)
  gathering.timer = setTimeout(async () => {
    await sent // one statement at a time, also where the database is slow
    gathering.timer = null
    if (gathering.shareIds.size > 0 && held.lapseNudges === gathering) void send(gathering)
  }, GATHER_MS)
  gathering.timer.unref()
  await sent
}

/** Tells every process that these shares had events; none: only that somebody can be heard. */
export async function notifyOf(shareIds: string[]): Promise<void> {
  const payloads = Array.from(
    { length: Math.max(1, Math.ceil(shareIds.length / IDS_IN_ONE)) },
    (_, part) => shareIds.slice(part * IDS_IN_ONE, (part + 1) * IDS_IN_ONE).join(" "),
  )
  await notify({ payloads }).catch((error) =>
    logOutage(error, "Open pages could not be told of what happened."),
  )
}
