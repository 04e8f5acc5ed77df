import "server-only"
import { sweepAttempts } from "#lib/accounts/throttle.ts"
import { db } from "#lib/db.ts"
import { abandonIdleUploads } from "#lib/files/abandon-idle-uploads.ts"
import { ticketSeconds } from "#lib/settings.ts"

/**
 * Removes what serves no one any more, and gives idle uploads up. Counts and events stay. What fails
 * holds nothing else up, and is thrown at the end.
 */
export async function sweep(): Promise<void> {
  const failures: unknown[] = []
  for (const step of STEPS) await step().catch((error) => failures.push(error))
  if (failures.length > 0) throw new AggregateError(failures, "A part of the sweep failed.")
}

const STEPS: (() => Promise<unknown>)[] = [
  // From now on nobody can tell who a visitor of that day was.
  async () => db.$executeRaw`
    DELETE FROM visitor_key WHERE day < (now() AT TIME ZONE 'UTC')::date - 2`,
  sweepAttempts,
  abandonIdleUploads,
  // A claim answers a double click and a retry; once its ticket has ended it is history.
  async () => db.$executeRaw`
    DELETE FROM claim WHERE at < now() - make_interval(secs => ${ticketSeconds()}::int) - interval '1 hour'`,
  async () => db.$executeRaw`
    DELETE FROM invite WHERE least(expires_at, used_at) < now() - interval '30 days'`,
]
