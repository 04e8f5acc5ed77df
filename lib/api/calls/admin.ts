import "server-only"
import { z } from "zod"
import { canSendMail } from "#lib/adapters/configuration.ts"
import { BrowserTest } from "#lib/adapters/findings/browser-test.ts"
import { newBrowserTest } from "#lib/adapters/storage.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { call, download } from "#lib/api/call.ts"
import { lineStream } from "#lib/api/line-stream.ts"
import { changeBranding } from "#lib/rooms/admin/change-branding.ts"
import { changeSettings, viewSettings } from "#lib/rooms/admin/change-settings.ts"
import {
  endLegalHold,
  LegalHold,
  LegalHoldInput,
  listLegalHolds,
  MOST_HOLDS,
  setLegalHold,
} from "#lib/rooms/admin/legal-holds.ts"
import { AuditFilter, AuditQuery } from "#lib/rooms/audit/audit-entry.ts"
import { SealedHead } from "#lib/rooms/audit/chain/seal.ts"
import { sealedHead } from "#lib/rooms/audit/chain/sealed-head.ts"
import { CSV_HEAD, exportAudit, toCsvLine, toJsonLine } from "#lib/rooms/audit/export-audit.ts"
import { ListedEntry, listAudit } from "#lib/rooms/audit/list-audit.ts"
import { askForBackup } from "#lib/rooms/checks/backups/ask-for-backup.ts"
import { BackupsView, viewBackups } from "#lib/rooms/checks/backups/view-backups.ts"
import { ChecksInput, runChecks } from "#lib/rooms/checks/run-checks.ts"
import { ChecksView, viewChecks } from "#lib/rooms/checks/view-checks.ts"
import { previewBranding } from "#lib/rooms/claims/open/preview-branding.ts"
import { MailView } from "#lib/rooms/mail/mail.ts"
import { sendTestMail } from "#lib/rooms/mail/test-mail.ts"
import { continueNight } from "#lib/rooms/retention/continue-night.ts"
import { countLapsing, Lapsing } from "#lib/rooms/retention/count-lapsing.ts"
import { Night } from "#lib/rooms/retention/night.ts"
import { Branding, BrandingChange, BrandingPreview } from "#lib/rooms/settings/branding.ts"
import { readBranding } from "#lib/rooms/settings/read-branding.ts"
import { SettingsChange, SettingsView } from "#lib/rooms/settings/setting.ts"
import { drawnPage, drawPage, listOf } from "./answers.ts"

const AllSettings = z.strictObject({ settings: SettingsView, branding: Branding })

/** The calls of admins about the installation. */
export const ADMIN_CALLS = [
  call("GET /admin/checks", {
    does: "Reads what the checks last found.",
    by: "auditor",
    gives: ChecksView,
    run: ({ locale }) => viewChecks(locale),
  }),
  call("POST /admin/checks", {
    does: "Runs the checks, and answers with the findings when they are done.",
    by: "admin",
    confirm: { never: "tests only" },
    body: ChecksInput,
    bodyOptional: true,
    gives: ChecksView,
    run: ({ body, locale }) => runChecks(body.browser, locale),
  }),
  call("POST /admin/checks/browser", {
    does: "Returns addresses of the store for a browser to try out.",
    by: "admin",
    confirm: { never: "tests only" },
    gives: BrowserTest,
    run: () => newBrowserTest(),
  }),
  call("GET /admin/backup", {
    does: "Reads when the last backup was made, how far the one is that runs, and when the next is due.",
    by: "auditor",
    gives: BackupsView,
    run: ({ member }) => viewBackups(member.auditorId),
  }),
  call("POST /admin/backup", {
    does: "Makes a backup in BACKUP_DIR now, unless one is being made.",
    by: "admin",
    confirm: { never: "copies within the server only" },
    gives: BackupsView,
    status: 202,
    run: ({ member }) => askForBackup(member.adminId),
  }),
  call("POST /admin/mail/test", {
    does: "Sends a test mail to the caller, and answers with the mail server's own reply.",
    by: "admin",
    confirm: { never: "mails the caller only" },
    gives: MailView,
    run: async ({ member, locale }) => {
      if (!canSendMail()) throw refusal("not_allowed", "mail_missing")
      return sendTestMail(member.email, locale)
    },
  }),
  call("GET /admin/settings", {
    does: "Reads the settings and the branding.",
    by: "auditor",
    gives: AllSettings,
    run: async ({ member }) => {
      const [settings, branding] = await Promise.all([
        viewSettings(member.auditorId),
        readBranding(),
      ])
      return { settings, branding }
    },
  }),
  call("PATCH /admin/settings", {
    does: "Changes settings and branding, or with `dryRun` only counts which files a `retention` would delete in its first 30 days. A token changes neither `inviters` nor `secondFactorRequired`.",
    by: "admin",
    confirm: { unless: "counts only", when: ({ dryRun }) => !dryRun },
    cost: "dear",
    body: SettingsChange.extend({
      branding: BrandingChange.optional(),
      dryRun: z.boolean().optional(),
    }),
    gives: AllSettings.extend({ lapsing: Lapsing.exactOptional() }),
    run: async ({ member, body: { branding, dryRun = false, ...change } }) => {
      if (dryRun) {
        const settings = await viewSettings(member.adminId)
        const lapsing = await countLapsing(change.retention ?? settings.retention.value)
        return { settings, branding: await readBranding(), lapsing }
      }
      return {
        settings: await changeSettings(member, change),
        branding: branding ? await changeBranding(member.adminId, branding) : await readBranding(),
      }
    },
  }),
  call("POST /admin/retention/continue", {
    does: "Lets the deletion of files go on that waits for an admin.",
    by: "admin",
    gives: Night,
    run: ({ member }) => continueNight(member.adminId),
  }),
  call("GET /admin/legal-holds", {
    does: "Lists the legal holds, newest first.",
    by: "auditor",
    gives: listOf(LegalHold, MOST_HOLDS),
    run: async ({ member }) => ({
      items: await listLegalHolds(member.auditorId),
      nextCursor: null,
    }),
  }),
  call("POST /admin/legal-holds", {
    does: "Puts a legal hold on a member, a share or a request: nothing of it is deleted until it ends.",
    by: "admin",
    scope: null,
    body: LegalHoldInput,
    gives: LegalHold,
    run: ({ member, body }) => setLegalHold(member.adminId, body),
  }),
  call("DELETE /admin/legal-holds/{id}", {
    does: "Ends the legal hold on the member, share or request of this id.",
    by: "admin",
    scope: null,
    gives: z.void(),
    run: ({ member, params }) => endLegalHold(member.adminId, params.id),
  }),
  call("POST /admin/settings/preview-page", {
    does: "Renders a visitor's page in a branding that is not saved, like `POST /shares/{id}/preview-page`.",
    by: "admin",
    confirm: { never: "renders only" },
    body: BrandingPreview,
    gives: drawnPage,
    run: async ({ member, body, request }) =>
      drawPage(await previewBranding(member, body), request),
  }),
  call("GET /admin/audit", {
    does: "Lists the audit log, newest first.",
    by: "auditor",
    query: AuditQuery,
    gives: listOf(ListedEntry).extend({ prevCursor: z.string().nullable() }),
    run: ({ query }) => listAudit(query),
  }),
  call("GET /admin/audit/head", {
    does: "Returns the sealed head of the audit log, to be stored outside of the database.",
    by: "auditor",
    gives: SealedHead,
    run: async () => {
      const head = await sealedHead()
      if (!head) throw refusal("not_found", "no_seal")
      return head
    },
  }),
  call("GET /admin/audit.csv", {
    does: "Exports the audit log as CSV.",
    by: "auditor",
    cost: "export",
    query: AuditFilter,
    gives: download("text/csv; charset=utf-8; header=present"),
    run: async ({ query }) => ({
      name: "audit-log.csv",
      body: (ended) =>
        lineStream({ batches: exportAudit(query), toLine: toCsvLine, head: CSV_HEAD, ended }),
    }),
  }),
  call("GET /admin/audit.jsonl", {
    does: "Exports the audit log as JSON Lines.",
    by: "auditor",
    cost: "export",
    query: AuditFilter,
    gives: download("application/jsonl; charset=utf-8"),
    run: async ({ query }) => ({
      name: "audit-log.jsonl",
      body: (ended) => lineStream({ batches: exportAudit(query), toLine: toJsonLine, ended }),
    }),
  }),
] as const
