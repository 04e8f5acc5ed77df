import "server-only"
import { sweepAttempts } from "#lib/accounts/throttle.ts"
import { db } from "#lib/db.ts"
import { ticketSeconds } from "#lib/env.ts"
import { abandonIdleUploads } from "#lib/files/abandon-idle-uploads.ts"

/** Removes what serves no one any more, and gives idle uploads up. Counts and events stay. */
export async function sweep(): Promise<void> {
  await sweepAttempts()
  await abandonIdleUploads()
  // A claim answers a double click and a retry; once its ticket has ended it is history.
  await db.$executeRaw`
    DELETE FROM claim WHERE at < now() - make_interval(secs => ${ticketSeconds()}::int) - interval '1 hour'`
  await db.$executeRaw`
    DELETE FROM invite WHERE least(expires_at, used_at) < now() - interval '30 days'`
  // From now on nobody can tell who a visitor of that day was.
  await db.$executeRaw`
    DELETE FROM visitor_key WHERE day < (now() AT TIME ZONE 'UTC')::date - 2`
}
