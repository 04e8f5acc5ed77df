import "server-only"
import { z } from "zod"
import { statement } from "#lib/adapters/database/statement.ts"
import { databaseTime } from "#lib/adapters/database/time.ts"
import type { BrowserResult } from "#lib/adapters/findings/browser-test.ts"
import { inTime } from "#lib/adapters/outages/in-time.ts"
import { outageOf } from "#lib/adapters/outages/outage.ts"
import { createProbe, probeAgain, type StoreKind, storeKind } from "#lib/adapters/storage.ts"
import { DEFAULT_LOCALE } from "#lib/adapters/text/languages.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { findSignersFound, probeColoursAgain } from "#lib/rooms/files/objects/colours.ts"
import { runList } from "./run-list.ts"
import { type Checked, type ChecksView, LEASE_SECONDS, viewOf } from "./view-checks.ts"

const CLEAN_MS = 10_000

const takeLease = statement(
  "take_checks",
  { seconds: "int" },
  `
INSERT INTO installation (id, checks_running_until)
VALUES (1, clock_timestamp() + make_interval(secs => :seconds))
ON CONFLICT (id) DO UPDATE SET checks_running_until = excluded.checks_running_until
  WHERE installation.checks_running_until IS NULL
    OR installation.checks_running_until < clock_timestamp()
RETURNING checks_running_until::text AS lease, checks_found AS before`,
)

const endLease = statement(
  "end_checks",
  { lease: "text", checked: "text | null" },
  `
UPDATE installation SET checks_running_until = NULL,
  checks_found = coalesce(:checked::jsonb, checks_found)
WHERE checks_running_until = :lease::timestamptz`,
)

/**
 * Runs every check and stores the findings. Only one process runs them at a time; meanwhile others
 * are refused (conflict). A run takes seconds, and always less than a minute. Without a database
 * the other checks run, and nothing is stored.
 */
export async function runChecks(
  browser?: BrowserResult,
  locale = DEFAULT_LOCALE,
): Promise<ChecksView> {
  const lease = await takeLease<{ lease: string; before: Checked | null }>({
    seconds: LEASE_SECONDS,
  }).catch(unlessOutage)
  if (lease?.length === 0) throw refusal("conflict", "checks_running")
  const [taken] = lease ?? []
  let checked: Checked | null = null
  try {
    const earlier = taken?.before?.findings.find(({ id }) => id === "browser")
    const findings = await tryOut({ result: browser, earlier })
    const at = taken ? await databaseTime().catch(unlessOutage) : null
    checked = { at: (at ?? new Date()).toISOString(), findings }
    return viewOf(checked, null, locale)
  } finally {
    if (taken) {
      const { lease } = taken
      await endLease({ lease, checked: checked && JSON.stringify(checked) }).catch(unlessOutage)
    }
  }
}

/** Returns null for an outage of the database, which has its own check. Throws any other error. */
function unlessOutage(error: unknown) {
  if (!outageOf(error)) throw error
  return null
}

/** Runs the list, then removes its objects from the bucket. After a crash sweep-probes.ts does. */
async function tryOut(browser: Parameters<typeof runList>[0]["browser"]) {
  probeAgain()
  let kind: StoreKind = "other"
  const probe = createProbe({ now, probeColours }, () => kind)
  try {
    storeKind().then(
      (found) => {
        kind = found
      },
      () => {},
    )
    return await runList({ ...probe, browser })
  } finally {
    await inTime(probe.clean(), CLEAN_MS).catch(() => {})
  }
}

/** The database's time, or this machine's if there is none, for signing the URLs of the checks. */
const now = () => databaseTime().catch((error) => unlessOutage(error) ?? new Date())

async function probeColours() {
  await probeColoursAgain()
  return (await findSignersFound())?.refused ?? null
}

/** The result of the browser that requests a run; null if everything worked. */
export const ChecksInput = z.strictObject({
  browser: z
    .strictObject({
      failed: z.enum(["upload", "download", "headers"]),
      reason: z.string().max(200),
    })
    .nullable()
    .optional(),
})
