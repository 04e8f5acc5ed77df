import "server-only"
import { randomBytes } from "node:crypto"
import { findSignersFound, probeColoursAgain } from "./colours.ts"
import { statement } from "./database/statement.ts"
import { databaseTime } from "./database/time.ts"
import { db } from "./db.ts"
import { Refusal } from "./errors.ts"
import { type Finding, runChecks } from "./storage.ts"

/** The result of a check of the storage. */
export type StorageCheck = {
  /** ISO 8601 UTC. */
  at: string
  findings: Finding[]
}

/** Longer than a check takes, so that a process that died during one does not block others. */
const LEASE_SECONDS = 120

const takeLease = statement(
  "take_storage_check",
  { seconds: "int" },
  `
INSERT INTO installation (id, storage_checking_until)
VALUES (1, clock_timestamp() + make_interval(secs => :seconds))
ON CONFLICT (id) DO UPDATE SET storage_checking_until = excluded.storage_checking_until
  WHERE installation.storage_checking_until IS NULL
    OR installation.storage_checking_until < clock_timestamp()
RETURNING storage_checking_until::text AS lease`,
)

const endLease = statement(
  "end_storage_check",
  { lease: "text", check: "text | null" },
  `
UPDATE installation SET storage_checking_until = NULL,
  storage_checked = coalesce(:check::jsonb, storage_checked)
WHERE storage_checking_until = :lease::timestamptz`,
)

/**
 * Tries out what Lapse needs of the store and keeps the findings. Only one process does so at a
 * time; meanwhile others are refused (conflict). It takes seconds, and always less than a minute.
 */
export async function checkStorage(): Promise<StorageCheck> {
  const [taken] = await takeLease<{ lease: string }>({ seconds: LEASE_SECONDS })
  if (!taken)
    throw new Refusal("conflict", "A storage check is already running. Try again in a moment.")
  let check: StorageCheck | null = null
  try {
    const findings = await runChecks({ now: databaseTime, probeColours, tagging })
    check = { at: (await databaseTime()).toISOString(), findings }
    return check
  } finally {
    await endLease({ lease: taken.lease, check: check && JSON.stringify(check) })
  }
}

async function probeColours() {
  await probeColoursAgain()
  return (await findSignersFound())?.refused ?? null
}

const TAGGING_DAYS = 7
/** How many objects of each kind the check reads tags of. */
const LOOKED_AT = 50

/**
 * How often `checkTags` found changes by another program, and the keys of new objects and of
 * others.
 */
async function tagging() {
  const [row] = await db.$queryRaw<{ changed: number; keys: string[] }[]>`
    SELECT (
      SELECT count(*)::int FROM audit_entry
      WHERE action = 'file.tag' AND at > clock_timestamp() - make_interval(days => ${TAGGING_DAYS}::int)
    ) AS changed, ARRAY(
      (SELECT key FROM object WHERE state = 'live' AND colour IS NOT NULL
        ORDER BY colour_since DESC LIMIT ${LOOKED_AT})
      UNION
      (SELECT key FROM object
        WHERE key > ${`o/${randomBytes(4).toString("hex")}`} AND state = 'live' AND colour IS NOT NULL
        ORDER BY key LIMIT ${LOOKED_AT})
    ) AS keys`
  return { changed: row?.changed ?? 0, keys: row?.keys ?? [], days: TAGGING_DAYS }
}

type Found = {
  /** Null if it was never checked. */
  check: StorageCheck | null
  /** The start of the running check; null if none runs. */
  runningSince: Date | null
}

/** Returns the findings of the last check, on any replica, and whether one is running. */
export async function findStorageCheck(): Promise<Found> {
  const [row] = await db.installation.findMany({
    select: { storageChecked: true, storageCheckingUntil: true },
  })
  const until = row?.storageCheckingUntil
  const isRunning = until && until > (await databaseTime())
  return {
    check: (row?.storageChecked ?? null) as StorageCheck | null, // written only above
    runningSince: isRunning ? new Date(Number(until) - LEASE_SECONDS * 1000) : null,
  }
}
