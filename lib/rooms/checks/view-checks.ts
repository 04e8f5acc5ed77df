import "server-only"
import { z } from "zod"
import { databaseTime } from "#lib/adapters/database/time.ts"
import { db } from "#lib/adapters/database.ts"
import type { Finding } from "#lib/adapters/findings/finding.ts"
import { DEFAULT_LOCALE, type Locale } from "#lib/adapters/text/languages.ts"
import { CheckLine, describeFindings } from "./describe-finding.ts"

export type Checked = {
  /** ISO 8601 UTC. */
  at: string
  findings: Finding[]
}

/** The list as the API and pages show it. */
export const ChecksView = z.strictObject({
  items: z.array(CheckLine),
  /** When these were found, ISO 8601 UTC; null if the checks never ran. */
  checkedAt: z.iso.datetime().nullable(),
  /** The start of a run that has not ended; null if none runs. */
  runningSince: z.iso.datetime().nullable(),
})
export type ChecksView = z.infer<typeof ChecksView>

/** Longer than a run takes. If a run's process dies, others can run the checks after this time. */
export const LEASE_SECONDS = 120

/** Returns the latest findings of any replica, in a language. */
export async function viewChecks(locale = DEFAULT_LOCALE): Promise<ChecksView> {
  const [row] = await db.installation.findMany({
    select: { checksFound: true, checksRunningUntil: true },
  })
  const until = row?.checksRunningUntil
  const isRunning = until && until > (await databaseTime())
  const since = isRunning ? new Date(Number(until) - LEASE_SECONDS * 1000) : null
  return viewOf((row?.checksFound ?? null) as Checked | null, since, locale) // written only by runChecks
}

export const viewOf = (
  checked: Checked | null,
  runningSince: Date | null,
  locale: Locale,
): ChecksView => ({
  items: checked ? describeFindings(checked.findings, locale) : [],
  checkedAt: checked?.at ?? null,
  runningSince: runningSince?.toISOString() ?? null,
})
