import { NO_BRANDING } from "#lib/rooms/settings/branding.ts"
import { admins, auditors, type Case } from "./callers.ts"

/** The answers of the calls that only admins may make. */
export const ADMIN_CASES = {
  "GET /admin/teams": [{ what: "every team", on: "team", statuses: auditors(200) }],
  "GET /admin/teams/{id}": [{ what: "read a team", on: "team", statuses: auditors(200) }],
  "POST /admin/teams": [
    {
      what: "make a team",
      body: () => ({ name: "Sales", slug: "sales" }),
      statuses: admins(201),
    },
  ],
  "PATCH /admin/teams/{id}": [
    {
      what: "change a team",
      on: "team",
      body: () => ({ name: "Accounts" }),
      statuses: admins(200),
    },
  ],
  "DELETE /admin/teams/{id}": [
    {
      what: "delete a team",
      on: "team",
      body: () => ({ files: "delete" }),
      statuses: admins(200),
    },
  ],
  "GET /admin/requests": [
    { what: "every member's requests", on: "request", statuses: auditors(200) },
  ],
  "GET /admin/requests/{id}": [
    { what: "a request of any member", on: "request", statuses: auditors(200) },
  ],
  "GET /admin/shares": [{ what: "all shares", on: "share", statuses: auditors(200) }],
  "GET /admin/shares/{id}": [{ what: "read a share", on: "share", statuses: auditors(200) }],
  "GET /admin/shares/{id}/events": [
    {
      what: "what happened",
      on: "share",
      statuses: auditors(200),
    },
  ],
  "GET /admin/files": [{ what: "all files", on: "file", statuses: auditors(200) }],
  "GET /admin/files/{id}": [
    {
      what: "read a file, with its shares",
      on: "file",
      statuses: auditors(200),
    },
  ],
  "POST /admin/files/{id}/release": [
    {
      what: "release a file that is not held",
      on: "file",
      body: () => ({ reason: "It is safe." }),
      statuses: admins(409),
    },
  ],
  "POST /admin/files/delete": [
    {
      what: "delete files",
      on: "file",
      body: (id) => ({ ids: [id] }),
      statuses: admins(200),
    },
  ],
  "POST /admin/shares/revoke": [
    {
      what: "what a revocation reaches",
      on: "share",
      body: (id) => ({ ids: [id], dryRun: true }),
      statuses: admins(200),
      immediate: true,
    },
    {
      what: "revoke shares",
      on: "share",
      body: (id) => ({ ids: [id] }),
      statuses: admins(200),
    },
    {
      what: "revoke and cut off",
      on: "share",
      body: (id) => ({ ids: [id], cutOff: true }),
      statuses: admins(202),
    },
  ],
  "POST /admin/shares/{id}/restore": [
    {
      what: "restore",
      on: "share an admin revoked",
      statuses: admins(200),
    },
  ],
  "POST /admin/shares/restore": [
    {
      what: "restore",
      on: "share an admin revoked",
      body: (id) => ({ ids: [id] }),
      statuses: admins(200),
    },
  ],
  "POST /admin/shares/{id}/cut-off": [
    {
      what: "end every URL of",
      on: "share its owner revoked",
      statuses: admins(202),
    },
  ],
  "DELETE /admin/shares/{id}/questions": [
    {
      what: "dismiss questions of",
      on: "share an admin revoked",
      statuses: admins(204),
      immediate: true,
    },
  ],
  // The checks of a test before may have found something.
  "GET /admin/checks": [{ what: "what was last found", statuses: auditors(200) }],
  "POST /admin/checks": [
    {
      what: "try everything out",
      statuses: admins(200),
      immediate: true,
    },
  ],
  "GET /admin/backup": [{ what: "the backups", statuses: auditors(200) }],
  "POST /admin/backup": [
    // In this test there is no BACKUP_DIR.
    {
      what: "back up now",
      statuses: admins(403),
      immediate: true,
    },
  ],
  "POST /admin/mail/test": [
    // In this test there is no mail server.
    {
      what: "send a test",
      statuses: admins(403),
      immediate: true,
    },
  ],
  "POST /admin/checks/browser": [
    {
      what: "addresses for a browser to try out",
      statuses: admins(200),
      immediate: true,
    },
  ],
  "GET /admin/settings": [
    {
      what: "what admins decided for everyone",
      statuses: auditors(200),
    },
  ],
  "PATCH /admin/settings": [
    {
      what: "change that",
      body: () => ({ defaultShareDays: 14 }),
      statuses: admins(200),
    },
    {
      what: "count what a rule would delete",
      body: () => ({ dryRun: true }),
      statuses: admins(200),
      immediate: true,
    },
  ],
  "POST /admin/retention/continue": [
    { what: "go on with a deletion while none waits", statuses: admins(409) },
  ],
  "GET /admin/legal-holds": [{ what: "the legal holds", statuses: auditors(200) }],
  "POST /admin/legal-holds": [
    {
      what: "put a legal hold on a share",
      on: "share",
      body: (id) => ({ of: "share", id, reason: "Case 12/26" }),
      statuses: admins(200),
    },
  ],
  "DELETE /admin/legal-holds/{id}": [
    { what: "end a legal hold where there is none", on: "share", statuses: admins(404) },
  ],
  "POST /admin/settings/preview-page": [
    {
      what: "the visitor's page in another branding",
      body: () => NO_BRANDING,
      statuses: admins(200),
      immediate: true,
    },
  ],
  "GET /admin/revocations/{id}": [
    {
      what: "how far one is",
      on: "revocation",
      statuses: auditors(200),
    },
  ],
  "GET /admin/revocations": [
    {
      what: "revocations that go on",
      on: "revocation",
      statuses: auditors(200),
    },
  ],
  "GET /admin/users": [{ what: "all members", statuses: auditors(200) }],
  "POST /admin/users/{id}/reset-password": [
    {
      what: "a link to a new password",
      on: "member",
      statuses: admins(201),
    },
  ],
  "GET /admin/users/{id}": [
    {
      what: "read a member",
      on: "member",
      statuses: auditors(200),
    },
  ],
  "DELETE /admin/users/{id}": [
    {
      what: "delete a member",
      on: "member",
      body: () => ({ files: "delete" }),
      statuses: admins(200),
    },
  ],
  "PATCH /admin/users/{id}": [
    {
      what: "disable a member",
      on: "member",
      body: () => ({ disabled: true }),
      statuses: admins(200),
      immediate: true,
    },
    {
      what: "disable, and keep the links",
      on: "member",
      body: () => ({ disabled: true, links: "keep" }),
      statuses: admins(200),
      immediate: true,
    },
    {
      what: "disable, and revoke the links",
      on: "member",
      body: () => ({ disabled: true, links: "revoke" }),
      statuses: admins(200),
    },
    {
      what: "disable, and revoke and block links",
      on: "member",
      body: () => ({ disabled: true, links: "cutOff" }),
      statuses: admins(200),
    },
    {
      what: "disable, and take over files and shares",
      on: "member",
      body: (_id, as) => ({ disabled: true, links: "transfer", transferTo: as }),
      statuses: admins(200),
    },
    {
      what: "enable a member",
      on: "member",
      body: () => ({ disabled: false }),
      statuses: admins(200),
    },
    {
      what: "disable, and change the quota",
      on: "member",
      body: () => ({ disabled: true, quotaBytes: 0 }),
      statuses: admins(200),
    },
    {
      what: "make an admin",
      on: "member",
      body: () => ({ role: "admin" }),
      statuses: admins(200),
    },
    {
      what: "make an auditor",
      on: "member",
      body: () => ({ role: "auditor" }),
      statuses: admins(200),
    },
  ],
  "GET /admin/users/{id}/second-factor": [
    {
      what: "which second factors a member has",
      on: "member with second factors",
      statuses: auditors(200),
    },
  ],
  "DELETE /admin/users/{id}/second-factor": [
    {
      what: "remove an authenticator app",
      on: "member with second factors",
      statuses: admins(204),
    },
  ],
  "DELETE /admin/users/{id}/passkeys": [
    {
      what: "remove passkeys",
      on: "member with second factors",
      statuses: admins(200),
    },
  ],
  "POST /admin/users/{id}/end-sessions": [
    {
      what: "end sessions",
      on: "member",
      statuses: admins(204),
      immediate: true,
    },
  ],
  "DELETE /admin/users/{id}/tokens": [
    { what: "end API tokens", on: "member", statuses: admins(200), immediate: true },
  ],
  "DELETE /admin/users/{id}/identity": [
    // In this test there is no identity provider.
    {
      what: "unlink from the identity provider",
      on: "member",
      statuses: admins(404),
    },
  ],
  "GET /admin/users/{id}/new-owners": [
    {
      what: "who may get what a member owns",
      on: "member",
      statuses: auditors(200),
    },
  ],
  "GET /admin/users/invites": [
    { what: "open invitations", on: "invitation", statuses: auditors(200) },
  ],
  "POST /admin/users/invites": [
    {
      what: "invite",
      body: () => ({ email: null }),
      statuses: admins(201),
      immediate: true,
    },
    {
      what: "invite an admin",
      body: () => ({ email: null, role: "admin" }),
      statuses: admins(201),
    },
    {
      what: "invite a list of admins",
      body: () => ({ emails: ["ada@example.org"], role: "admin" }),
      statuses: admins(201),
    },
  ],
  "POST /admin/users/invites/preview": [
    {
      what: "what inviting a list would do",
      body: () => ({ emails: ["ada@example.org"] }),
      statuses: admins(200),
      immediate: true,
    },
  ],
  "POST /admin/users/invites/{id}": [
    { what: "the link of an invitation", on: "invitation", statuses: admins(200) },
  ],
  "DELETE /admin/users/invites/{id}": [
    {
      what: "withdraw",
      on: "invitation",
      statuses: admins(204),
      immediate: true,
    },
  ],
  "GET /admin/audit": [{ what: "the audit log", statuses: auditors(200) }],
  "GET /admin/audit/head": [
    {
      what: "its last seal",
      on: "sealed audit log",
      statuses: auditors(200),
    },
  ],
  "GET /admin/audit.csv": [{ what: "the audit log as CSV", statuses: auditors(200) }],
  "GET /admin/audit.jsonl": [{ what: "as JSON Lines", statuses: auditors(200) }],
} satisfies Record<string, Case[]>
