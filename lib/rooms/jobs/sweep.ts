import "server-only"
import { databaseTimeAgo } from "#lib/adapters/database/time.ts"
import { longDb } from "#lib/adapters/database.ts"
import { log } from "#lib/adapters/monitoring/log.ts"
import { isLockTimeout } from "#lib/adapters/outages/outage.ts"
import { findProbes, removeProbes } from "#lib/adapters/storage.ts"
import { sweepAttempts } from "#lib/adapters/throttle/attempt-limits.ts"
import { sweepLogoutTokens } from "#lib/rooms/accounts/provider/end-provider-sessions.ts"
import { sweepSessions } from "#lib/rooms/accounts/sign-in/session.ts"
import { sweepDevices } from "#lib/rooms/accounts/tokens/device.ts"
import { sweepTokens } from "#lib/rooms/accounts/tokens/end-tokens.ts"
import { expireEntries } from "#lib/rooms/audit/expire-entries.ts"
import { resumeCutOffs, sweepCopies } from "#lib/rooms/cut-offs/sweep-cut-offs.ts"
import { abandonIdleUploads } from "#lib/rooms/files/upload/abandon-idle-uploads.ts"
import { endDeliveries, sweepDeliveries } from "#lib/rooms/requests/end-deliveries.ts"
import { readSettings } from "#lib/rooms/settings/read-settings.ts"
import { resumeBulkChanges } from "#lib/rooms/shares/bulk/bulk-change.ts"
import { eraseEndedRecipients } from "#lib/rooms/shares/links/erase-recipients.ts"
import { TICKET_SECONDS } from "#lib/rooms/shares/share.ts"
import { expireEvents } from "./expire-events.ts"

/**
 * Deletes expired rows and abandons idle uploads. Counts and events stay. A failure does not stop
 * the other steps, and is thrown at the end.
 */
export async function sweep(): Promise<void> {
  const failures: unknown[] = []
  for (const step of STEPS) await step().catch((error) => failures.push(error))
  if (failures.length > 0) throw new AggregateError(failures, "A part of the sweep failed.")
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

const before = async (ms: number) => ({ lt: await databaseTimeAgo(ms) })

const STEPS: (() => Promise<unknown>)[] = [
  // Without the key, visitor hashes of that day cannot be traced to an address.
  async () => longDb.visitorKey.deleteMany({ where: { day: await before(2 * DAY_MS) } }),
  sweepAttempts,
  sweepSessions,
  sweepTokens,
  sweepDevices,
  sweepLogoutTokens,
  abandonIdleUploads,
  endDeliveries,
  sweepDeliveries,
  sweepCopies,
  resumeCutOffs,
  resumeBulkChanges,
  // A claim's row identifies a double click or a retry, until its ticket expires.
  async () =>
    longDb.claim.deleteMany({ where: { at: await before(TICKET_SECONDS * 1_000 + HOUR_MS) } }),
  async () => {
    const over = await before(30 * DAY_MS)
    await longDb.invite.deleteMany({ where: { OR: [{ expiresAt: over }, { usedAt: over }] } })
    await longDb.passwordReset.deleteMany({ where: { expiresAt: over } })
  },
  eraseEndedRecipients,
  async () => longDb.keyedCall.deleteMany({ where: { createdAt: await before(DAY_MS) } }),
  async () => longDb.mail.deleteMany({ where: { createdAt: await before(30 * DAY_MS) } }),
  async () => longDb.usedChallenge.deleteMany({ where: { expiresAt: await before(HOUR_MS) } }),
  async () => {
    const share = { legalHoldAt: null, owner: { legalHoldAt: null } }
    await longDb.question.deleteMany({ where: { answeredAt: await before(30 * DAY_MS), share } })
  },
  async () => {
    const { eventDays } = await readSettings()
    if (eventDays === null) return
    await expireEvents(eventDays).catch((error) => {
      if (!isLockTimeout(error)) throw error
      log.warn({ error }, "events expire an hour later: another session reads them")
    })
  },
  async () => {
    const { auditDays } = await readSettings()
    if (auditDays !== null) await expireEntries(auditDays)
  },
  async () => removeProbes(await findProbes()),
]
