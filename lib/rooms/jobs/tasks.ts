import "server-only"
import { Refusal } from "#lib/adapters/errors.ts"
import type { JobName, Jobs } from "#lib/adapters/queue.ts"
import { mailPasswordReset } from "#lib/rooms/accounts/passwords/mail-password-reset.ts"
import { recordFailedSignIns } from "#lib/rooms/accounts/sign-in/record-failed-sign-ins.ts"
import { rollUp } from "#lib/rooms/activity/charts/roll-up.ts"
import { rollUpShares } from "#lib/rooms/activity/charts/roll-up-shares.ts"
import { sealUnderHead } from "#lib/rooms/audit/head/seal-under-head.ts"
import { runChecks } from "#lib/rooms/checks/run-checks.ts"
import { mailCode } from "#lib/rooms/claims/verify/mail-code.ts"
import { rekeyObject } from "#lib/rooms/cut-offs/rekey-file.ts"
import { continueCutOff } from "#lib/rooms/cut-offs/run-cut-off.ts"
import { checkTags } from "#lib/rooms/cut-offs/tags/check-tags.ts"
import { colourFiles } from "#lib/rooms/cut-offs/tags/colour-files.ts"
import { restoreTags } from "#lib/rooms/cut-offs/tags/restore-tags.ts"
import { destroyObject } from "#lib/rooms/files/objects/destroy-object.ts"
import { scanNext } from "#lib/rooms/files/scan/scan-file.ts"
import { giveUpUnsent } from "#lib/rooms/files/upload/abandon-idle-uploads.ts"
import { sendMail } from "#lib/rooms/mail/send-mail.ts"
import { sendNotices, sendRequest } from "#lib/rooms/notices/send-notices.ts"
import { endDeliveries } from "#lib/rooms/requests/end-deliveries.ts"
import { lapseFiles } from "#lib/rooms/retention/lapse-files.ts"
import { endShortening } from "#lib/rooms/shares/bulk/bulk-change.ts"
import { exposeReplaced } from "#lib/rooms/shares/exposure.ts"
import { raiseLifetimes } from "#lib/rooms/shares/raise-lifetimes.ts"
import { continueRevokeOwnShares } from "#lib/rooms/shares/revoke/revoke-own-shares.ts"
import { continueRevokeShares } from "#lib/rooms/shares/revoke/revoke-shares.ts"
import { rollViews } from "#lib/rooms/shares/roll-views.ts"
import { ensurePartitions } from "./ensure-partitions.ts"
import { sweep } from "./sweep.ts"

/** The signal is aborted when the process stops. */
type Helpers = { abortSignal: AbortSignal }
type Tasks = { [Name in JobName]: (payload: Jobs[Name], helpers?: Helpers) => Promise<void> }

/** The functions of jobs that not every process can run. */
export type OwnTasks = Partial<Pick<Tasks, "backUp">>

/** The function of each other job. Every job may run twice. */
export const TASKS: Omit<Tasks, keyof OwnTasks> = {
  checkTags: () => checkTags(),
  cutOff: ({ id }) => continueCutOff(id),
  colourFiles: () => colourFiles(),
  destroyObject: async ({ key }) => void (await destroyObject(key)),
  endDeliveries: async () => void (await endDeliveries()),
  ensurePartitions: () => ensurePartitions(),
  exposeReplaced: ({ shareIds }) => exposeReplaced(shareIds),
  giveUpUnsent: ({ fileIds }) => giveUpUnsent(fileIds),
  lapseFiles: async (_, helpers) => void (await lapseFiles({ signal: helpers?.abortSignal })),
  mailCode: (asked) => mailCode(asked),
  mailReset: (asked) => mailPasswordReset(asked),
  raiseLifetimes: () => raiseLifetimes(),
  revokeShares: ({ id }) => continueRevokeShares(id),
  revokeOwnShares: ({ id }) => continueRevokeOwnShares(id),
  shortenShares: ({ id }) => endShortening(id),
  rollViews: () => rollViews(),
  rollUp: () => rollUp(),
  rollUpShares: () => rollUpShares(),
  sealAudit: () => sealAudit(),
  runChecks: () => runChecks().then(() => {}, unlessRunning),
  rekey: ({ key }) => rekeyObject(key),
  restoreTags: ({ after }) => restoreTags(after),
  scanFile: ({ place }, helpers) => scanNext(place, { signal: helpers?.abortSignal }),
  sendMail: ({ id }) => sendMail(id),
  sendRequest: ({ shareId }) => sendRequest(shareId),
  sendNotices: () => sendNotices(),
  sweep: () => sweep(),
}

/** Ignores that another run is in progress, because it finds the same. */
function unlessRunning(error: unknown) {
  if (!(error instanceof Refusal && error.code === "conflict")) throw error
}

/** Minute, hour, day, month, weekday (UTC). */
export const CRONTAB = `
23 4 * * * runChecks
43 2 * * * lapseFiles ?fill=1d&queue=lapseFiles&jobKey=lapseFiles
7 1 * * * ensurePartitions
17 * * * * sweep
4 * * * * sendNotices ?jobKey=sendNotices
* * * * * rollViews ?jobKey=rollViews
* * * * * checkTags ?queue=checkTags&jobKey=checkTags
*/5 * * * * rollUp ?queue=rollUp&jobKey=rollUp
* * * * * rollUpShares ?queue=rollUpShares&jobKey=rollUpShares
* * * * * scanFile ?id=scan0&queue=scan0&jobKey=scan0&priority=1 {"place":0}
* * * * * scanFile ?id=scan1&queue=scan1&jobKey=scan1&priority=1 {"place":1}
* * * * * sealAudit ?queue=audit&jobKey=sealAudit
`

/** Does the audit log's work of every minute: turns failed sign-ins into entries, and seals. */
export async function sealAudit(): Promise<void> {
  await recordFailedSignIns()
  await sealUnderHead()
}
