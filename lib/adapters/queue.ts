import "server-only"
import type { Tx } from "#lib/adapters/database.ts"

/** Every job and its payload. lib/rooms/jobs/tasks.ts has their functions. */
export type Jobs = {
  /** Makes a backup now; only the process that makes the daily backups runs it. */
  backUp: Record<string, never>
  /** Continues a cut off whose process died. */
  cutOff: { id: string }
  /** Compares the tags of objects with their rows. */
  checkTags: Record<string, never>
  /** Gives files without a colour a colour. */
  colourFiles: Record<string, never>
  /** Deletes a doomed object from the bucket, and again after its last signed PUT expired. */
  destroyObject: { key: string }
  /** Cancels the uploads of guests whose requests were revoked or whose data was erased. */
  endDeliveries: Record<string, never>
  /** Creates the partitions of `event` for the next months. */
  ensurePartitions: Record<string, never>
  /** Says until when URLs work of files that were replaced in these shares. */
  exposeReplaced: { shareIds: string[] }
  /** Gives up those uploads of guests of which the store has nothing. */
  giveUpUnsent: { fileIds: string[] }
  /** Mails the recipient of a link a code, if the link needs one. */
  mailCode: { id: string; link: string; email: string | null }
  /** Mails a member a link to a new password, if the address is a member's. */
  mailReset: { email: string; origin: string | null; language?: string }
  /** Deletes the files whose time has come. */
  lapseFiles: Record<string, never>
  /** Applies a raised MINT_TTL_SECONDS to shares. */
  raiseLifetimes: Record<string, never>
  /** Continues an admin's revocation whose process died, and counts the revoked shares. */
  revokeShares: { id: string }
  /** Continues an owner's revocation whose process died. */
  revokeOwnShares: { id: string }
  /** Ends a shortening of shares that the version before left unfinished. */
  shortenShares: { id: string }
  /** Sums the views of shares that were opened since the last run. */
  rollViews: Record<string, never>
  /** Counts the events of the hours that have ended. */
  rollUp: Record<string, never>
  /** Counts the events of each share by hour. */
  rollUpShares: Record<string, never>
  /** Writes failed sign-ins into the audit log, and seals it. */
  sealAudit: Record<string, never>
  /** Copies an object to another key, because another program changed its tag. */
  rekey: { key: string }
  /** Runs the checks, so that their results are never older than a day. */
  runChecks: Record<string, never>
  /** Gives the objects after this key the colours in their rows. */
  restoreTags: { after: string }
  /** Scans the next file that has arrived, and makes it ready or holds it. */
  scanFile: { place: 0 | 1 }
  sendMail: { id: string }
  /** Mails an owner that a visitor asked for access to a share. */
  sendRequest: { shareId: string }
  /** Mails owners what happened to their shares in the last hour. */
  sendNotices: Record<string, never>
  /** Deletes expired rows and abandons idle uploads. */
  sweep: Record<string, never>
}
export type JobName = keyof Jobs

type When = {
  /** Jobs of one queue run one at a time, in order. */
  queueName?: string
  /** The earliest start; now by default. */
  runAt?: Date
  /** Jobs with a lower number run first; 0 by default. */
  priority?: number
  /** A job that waits under the same key is replaced. */
  key?: string
}

/** Enqueues a job in the caller's transaction: it exists if and only if that commits. */
export async function addJob<Name extends JobName>(
  tx: Pick<Tx, "$executeRaw">,
  name: Name,
  payload: Jobs[Name],
  when: When = {},
): Promise<void> {
  await addJobs(tx, name, [payload], when)
}

export async function addJobs<Name extends JobName>(
  tx: Pick<Tx, "$executeRaw">,
  name: Name,
  payloads: Jobs[Name][],
  { queueName, runAt, priority, key }: When = {},
): Promise<void> {
  if (payloads.length === 0) return
  await tx.$executeRaw`
    SELECT graphile_worker.add_job(${name}, payload::json,
      queue_name => ${queueName ?? null}, run_at => ${runAt ?? null}::timestamptz,
      priority => ${priority ?? null}::int, job_key => ${key ?? null})
    FROM unnest(${payloads.map((payload) => JSON.stringify(payload))}::text[]) AS payload`
}
