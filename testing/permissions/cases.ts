import type { At } from "#lib/api/calls/all-calls.ts"
import { inDays } from "#testing/units.ts"
import { codeOf } from "../builders/factors/a-second-factor.ts"
import { ADMIN_CASES } from "./admin-cases.ts"
import { admins, anyone, type Case, members, own } from "./callers.ts"

const FILE = { name: "plan.pdf", size: 3, contentType: "application/pdf" }

/** The secret of an authenticator app. */
const SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

/** The answers of each call of the members' API, by caller; a call without one does not compile. */
export const CASES = {
  "GET /me": [{ what: "who is signed in", statuses: members(200) }],
  "PATCH /me": [
    {
      what: "change the caller's name, language, sort order, new shares or notices",
      body: () => ({ name: "Ada" }),
      statuses: members(204),
    },
  ],
  "POST /me/password": [
    {
      what: "change the password, to one that is too short",
      body: () => ({ currentPassword: "the present one", newPassword: "short" }),
      statuses: members(400),
    },
  ],
  "GET /me/confirm": [{ what: "how the caller can confirm", statuses: members(200) }],
  "POST /me/confirm": [
    {
      what: "confirm, with a code of the owner's app",
      on: "authenticator app",
      body: (code) => ({ code }),
      statuses: { ...own(204), other: 400, auditor: 400, admin: 400 },
    },
    {
      what: "confirm, with a wrong code",
      body: () => ({ code: "000000" }),
      statuses: members(400),
    },
  ],
  "POST /me/confirm/options": [{ what: "ask for a passkey", statuses: members(200) }],
  "GET /me/passkeys": [{ what: "the caller's passkeys", on: "passkey", statuses: members(200) }],
  "POST /me/passkeys/options": [{ what: "begin a passkey", statuses: members(200) }],
  "POST /me/passkeys": [{ what: "add one that is not valid", statuses: members(400) }],
  "PATCH /me/passkeys/{id}": [
    {
      what: "rename a passkey",
      on: "passkey",
      body: () => ({ name: "Phone" }),
      statuses: own(200),
    },
  ],
  "DELETE /me/passkeys/{id}": [{ what: "remove a passkey", on: "passkey", statuses: own(204) }],
  "GET /me/second-factor": [{ what: "the caller's app", statuses: members(200) }],
  "POST /me/second-factor/secret": [{ what: "a secret for an app", statuses: members(200) }],
  "POST /me/second-factor": [
    {
      what: "set an app up",
      body: () => ({ secret: SECRET, code: codeOf(SECRET) }),
      statuses: members(201),
    },
  ],
  "POST /me/second-factor/recovery-codes": [
    {
      what: "new recovery codes, for those who have an app",
      on: "authenticator app",
      statuses: { ...own(201), other: 409, auditor: 409, admin: 409 },
    },
  ],
  "DELETE /me/second-factor": [
    { what: "remove the caller's app", on: "authenticator app", statuses: own(204) },
  ],
  "GET /tokens": [{ what: "the caller's API tokens", on: "token", statuses: members(200) }],
  "POST /tokens": [
    {
      what: "make an API token",
      body: () => ({ name: "Build", scopes: ["files:write", "shares:write"] }),
      statuses: members(201),
    },
    {
      what: "make one that acts as an admin",
      body: () => ({ name: "Panic button", scopes: ["admin:write"] }),
      statuses: admins(201),
    },
    {
      what: "make a service account",
      body: () => ({ name: "Build server", scopes: ["files:write"], service: true }),
      statuses: members(403),
      forTeam: { manager: 201 },
    },
  ],
  "POST /device": [
    {
      what: "begin the sign-in of a device",
      body: () => ({ name: "Laptop", scopes: ["files:read"] }),
      statuses: anyone(200),
    },
  ],
  "POST /device/token": [
    {
      what: "ask for the token of an approved device",
      on: "approved device",
      body: (deviceCode) => ({ deviceCode }),
      statuses: anyone(200),
    },
    {
      what: "ask for a device that nobody knows",
      body: () => ({ deviceCode: "none" }),
      statuses: anyone(400),
    },
  ],
  "GET /device": [
    {
      what: "the device that shows a code",
      on: "device",
      query: (userCode) => `?userCode=${userCode}`,
      statuses: members(200),
    },
    { what: "a code of no device", query: () => "?userCode=BCDF-GHJK", statuses: members(404) },
  ],
  "POST /device/approve": [
    {
      what: "approve a device by its code",
      on: "device",
      body: (userCode) => ({ userCode }),
      statuses: members(204),
    },
    {
      what: "approve a code of no device",
      body: () => ({ userCode: "BCDF-GHJK" }),
      statuses: members(404),
    },
  ],
  "POST /device/deny": [
    {
      what: "refuse a device by its code",
      on: "device",
      body: (userCode) => ({ userCode }),
      statuses: members(204),
    },
    {
      what: "refuse a code of no device",
      body: () => ({ userCode: "BCDF-GHJK" }),
      statuses: members(404),
    },
  ],
  "DELETE /tokens/{id}": [{ what: "end an API token", on: "token", statuses: own(204) }],
  "GET /sessions": [{ what: "where the caller is signed in", statuses: members(200) }],
  "DELETE /sessions": [{ what: "end the caller's other sessions", statuses: members(204) }],
  "DELETE /sessions/{id}": [{ what: "end a session", on: "session", statuses: own(204) }],
  "POST /invites": [
    // A setting may let members invite; in this test only admins may.
    { what: "invite, as a member", statuses: members(403) },
  ],
  "POST /invites/{id}": [
    {
      what: "the link of an own invitation",
      on: "invitation",
      statuses: { ...own(404), admin: 200 },
      immediate: true,
    },
  ],
  "GET /files/without-thumbnail": [
    { what: "pictures without a thumbnail", statuses: members(200) },
  ],
  "GET /files": [{ what: "the caller's files", on: "file", statuses: members(200) }],
  "POST /files": [{ what: "start an upload", body: () => FILE, statuses: members(201) }],
  "POST /files/batch": [
    {
      what: "start several uploads",
      body: () => ({ files: [FILE, FILE] }),
      statuses: members(201),
    },
  ],
  "GET /files/ids": [{ what: "the ids of the caller's files", on: "file", statuses: members(200) }],
  "GET /files/folders": [
    { what: "the caller's folders", on: "file in a folder", statuses: members(200) },
  ],
  "POST /files/folders/move": [
    {
      what: "move a folder",
      on: "file in a folder",
      body: () => ({ from: "Plans", to: "2026/Plans" }),
      statuses: own(200),
    },
  ],
  "POST /files/folders/keep": [
    {
      what: "keep what a folder holds",
      on: "file in a folder",
      body: () => ({ folder: "Plans", keep: 30 }),
      statuses: own(200),
    },
  ],
  "POST /files/move": [
    {
      what: "move files to a folder",
      on: "file",
      body: (id) => ({ fileIds: [id], path: "Plans" }),
      statuses: own(200),
    },
  ],
  "POST /files/delete": [
    {
      what: "delete files",
      on: "file",
      body: (id) => ({ ids: [id] }),
      statuses: own(200),
    },
  ],
  "POST /files/download": [
    {
      what: "URLs for downloads of files",
      on: "file",
      body: (id) => ({ ids: [id] }),
      statuses: members(200),
    },
    {
      what: "URLs that show files",
      on: "file",
      body: (id) => ({ ids: [id], shown: true }),
      statuses: members(200),
    },
  ],
  "POST /files/heartbeat": [
    {
      what: "say which uploads are under way",
      on: "upload",
      body: (id) => ({ fileIds: [id] }),
      statuses: members(204),
    },
  ],
  "GET /files/{id}": [{ what: "read a file", on: "file", statuses: own(200) }],
  "PATCH /files/{id}": [
    {
      what: "rename a file",
      on: "file",
      body: () => ({ name: "other.pdf" }),
      statuses: own(200),
    },
  ],
  "DELETE /files/{id}": [{ what: "delete a file", on: "file", statuses: own(204) }],
  "GET /files/{id}/download": [
    { what: "download a file, without a share", on: "file", statuses: own(302) },
  ],
  "GET /files/{id}/cut-off": [{ what: "how its end is", on: "file", statuses: own(200) }],
  "POST /files/{id}/cut-off": [
    {
      what: "end every URL of a file",
      on: "file",
      statuses: own(202),
    },
  ],
  "POST /files/{id}/upload": [
    {
      what: "resume an upload",
      on: "upload",
      statuses: own(200),
    },
  ],
  "GET /files/{id}/parts": [
    {
      what: "which parts have arrived",
      on: "upload in parts",
      statuses: own(200),
    },
  ],
  "POST /files/{id}/parts": [
    {
      what: "URLs for parts",
      on: "upload in parts",
      body: () => ({ partNumbers: [1], sha256: { 1: "0".repeat(64) } }),
      statuses: own(200),
    },
  ],
  "POST /files/{id}/complete": [
    {
      what: "end an upload",
      on: "upload",
      statuses: own(200),
    },
  ],
  "GET /files/{id}/thumbnail": [
    { what: "see the small picture", on: "picture with a thumbnail", statuses: own(302) },
  ],
  "POST /files/{id}/thumbnail": [
    {
      what: "send a small picture",
      on: "picture",
      body: () => ({ size: 4, contentType: "image/webp" }),
      statuses: own(200),
    },
  ],
  "POST /files/{id}/thumbnail/source": [
    { what: "read a picture without a thumbnail", on: "picture", statuses: own(200) },
  ],
  "POST /files/{id}/thumbnail/complete": [
    {
      what: "show the small picture",
      on: "picture with a thumbnail that arrived",
      statuses: own(200),
    },
  ],
  "GET /requests": [{ what: "the caller's requests", on: "request", statuses: members(200) }],
  "POST /requests": [
    {
      what: "ask for files",
      body: () => ({ title: "Photos", folder: "Inbox" }),
      statuses: members(201),
    },
  ],
  "GET /requests/slug": [
    {
      what: "whether an address is free",
      query: () => "?slug=photos",
      statuses: members(200),
    },
  ],
  "GET /requests/{id}": [{ what: "read a request", on: "request", statuses: own(200) }],
  "PATCH /requests/{id}": [
    {
      what: "edit a request",
      on: "request",
      body: () => ({ title: "Films" }),
      statuses: own(200),
    },
  ],
  "DELETE /requests/{id}": [{ what: "delete a request", on: "request", statuses: own(204) }],
  "POST /requests/{id}/revoke": [{ what: "revoke a request", on: "request", statuses: own(200) }],
  "POST /requests/{id}/restore": [
    { what: "restore a request", on: "request its owner revoked", statuses: own(200) },
  ],
  "POST /requests/{id}/new-link": [{ what: "another address", on: "request", statuses: own(200) }],
  "POST /requests/{id}/seen": [
    {
      what: "what its owner has seen",
      on: "request",
      body: (id) => ({ deliveryIds: [id], until: "2026-01-01T00:00:00Z" }),
      statuses: own(204),
    },
  ],
  "GET /requests/{id}/events": [{ what: "who opened it", on: "request", statuses: own(200) }],
  "GET /requests/{id}/deliveries": [
    { what: "what came in", on: "request with a delivery", statuses: own(200) },
  ],
  "GET /requests/{id}/deliveries.csv": [
    { what: "the senders and their answers", on: "request with a delivery", statuses: own(200) },
  ],
  "POST /deliveries/{id}/end-uploads": [
    { what: "end a sender's uploads", on: "delivery", statuses: own(204) },
  ],
  "POST /deliveries/{id}/erase": [{ what: "erase a sender", on: "delivery", statuses: own(204) }],
  "GET /shares": [{ what: "the caller's shares", on: "share", statuses: members(200) }],
  "POST /shares": [
    {
      what: "share a file",
      on: "file",
      body: (id) => ({ fileIds: [id] }),
      statuses: own(201),
    },
  ],
  "GET /shares/live": [
    {
      what: "the numbers of some of the caller's shares",
      on: "share",
      query: (id) => `?ids=${id}`,
      statuses: members(200),
    },
  ],
  "GET /shares/ids": [
    { what: "the ids of the caller's shares", on: "share", statuses: members(200) },
  ],
  "POST /shares/holding": [
    {
      what: "the caller's shares that hold a file",
      on: "file",
      body: (id) => ({ fileIds: [id] }),
      statuses: members(200),
    },
  ],
  "POST /shares/revoke": [
    {
      what: "revoke those that are the caller's",
      on: "share",
      body: (id) => ({ ids: [id] }),
      statuses: members(200),
    },
  ],
  "POST /shares/restore": [
    {
      what: "restore, where it is the caller's,",
      on: "share its owner revoked",
      body: (id) => ({ ids: [id] }),
      statuses: members(200),
    },
  ],
  "POST /shares/extend": [
    {
      what: "extend those that are the caller's",
      on: "share",
      body: (id) => ({ ids: [id], expiresAt: inDays(30).toISOString() }),
      statuses: members(200),
    },
  ],
  "GET /shares/{id}": [{ what: "read a share", on: "share", statuses: own(200) }],
  "PATCH /shares/{id}": [
    {
      what: "edit a share",
      on: "share",
      body: () => ({ title: "Plans" }),
      statuses: own(200),
    },
  ],
  "GET /shares/{id}/events": [{ what: "what happened", on: "share", statuses: own(200) }],
  "GET /shares/{id}/addable": [
    {
      what: "files it does not hold",
      on: "share",
      statuses: own(200),
    },
  ],
  "POST /shares/{id}/preview-page": [
    {
      what: "the visitor's page under other conditions",
      on: "share",
      body: () => ({ title: "Plans" }),
      statuses: own(200),
    },
  ],
  "POST /shares/{id}/cut-off": [
    {
      what: "end every URL of a share",
      on: "share",
      statuses: own(202),
    },
  ],
  "POST /shares/{id}/reopen": [
    {
      what: "answer questions by opening it",
      on: "share",
      body: () => ({ seen: "open" }),
      statuses: own(200),
    },
  ],
  "DELETE /shares/{id}/questions": [
    {
      what: "dismiss questions",
      on: "share",
      statuses: own(204),
    },
  ],
  "GET /shares/{id}/activity.csv": [
    {
      what: "its charts as CSV",
      on: "share",
      statuses: own(200),
    },
  ],
  "POST /shares/{id}/new-link": [
    {
      what: "replace its address",
      on: "share",
      statuses: own(200),
    },
  ],
  "POST /shares/{id}/revoke": [
    { what: "revoke", on: "share", statuses: own(200) },
    {
      what: "revoke and cut off",
      on: "share",
      body: () => ({ cutOff: true }),
      statuses: own(200),
    },
  ],
  "POST /shares/{id}/restore": [
    {
      what: "restore",
      on: "share its owner revoked",
      statuses: { ...own(200), admin: 200 },
    },
    {
      what: "restore",
      on: "share an admin revoked",
      statuses: { ...own(403), admin: 200 },
    },
  ],
  "GET /recipients": [{ what: "the caller's recipients", statuses: members(200) }],
  "GET /shares/{id}/links": [{ what: "its recipients", on: "share", statuses: own(200) }],
  "POST /shares/{id}/links": [
    {
      what: "add a recipient",
      on: "share",
      body: () => ({ recipient: "Maria" }),
      statuses: own(201),
    },
    { what: "open it to anyone with the link", on: "share", body: () => ({}), statuses: own(201) },
  ],
  "POST /shares/{id}/links/batch": [
    {
      what: "add recipients",
      on: "share",
      body: () => ({ recipients: ["Maria", "no one@"] }),
      statuses: own(201),
    },
  ],
  "PATCH /shares/{id}/links/{linkId}": [
    {
      what: "edit a recipient",
      on: "recipient",
      body: () => ({ maxDownloads: 3 }),
      statuses: own(200),
    },
  ],
  "POST /shares/{id}/links/{linkId}/revoke": [
    {
      what: "revoke one link and cut it off",
      on: "recipient",
      body: () => ({ cutOff: true }),
      statuses: own(200),
    },
  ],
  "POST /shares/{id}/links/{linkId}/restore": [
    { what: "restore one link", on: "recipient", statuses: own(200) },
  ],
  "POST /shares/{id}/links/{linkId}/mail": [
    { what: "mail a link that is revoked", on: "recipient", statuses: own(409) },
  ],
  "DELETE /shares/{id}/links/{linkId}": [
    { what: "erase a recipient", on: "recipient", statuses: own(204) },
  ],
  "GET /requests/{id}/links": [{ what: "its recipients", on: "request", statuses: own(200) }],
  "POST /requests/{id}/links": [
    {
      what: "add a recipient",
      on: "request",
      body: () => ({ recipient: "Maria" }),
      statuses: own(201),
    },
    {
      what: "open it to anyone with the link",
      on: "request",
      body: () => ({}),
      statuses: own(201),
    },
  ],
  "POST /requests/{id}/links/batch": [
    {
      what: "add recipients",
      on: "request",
      body: () => ({ recipients: ["Maria", "no one@"] }),
      statuses: own(201),
    },
  ],
  "PATCH /requests/{id}/links/{linkId}": [
    {
      what: "edit a recipient",
      on: "recipient of a request",
      body: () => ({ maxDownloads: 3 }),
      statuses: own(200),
    },
  ],
  "POST /requests/{id}/links/{linkId}/revoke": [
    {
      what: "revoke one link and cut it off",
      on: "recipient of a request",
      body: () => ({ cutOff: true }),
      statuses: own(200),
    },
  ],
  "POST /requests/{id}/links/{linkId}/restore": [
    { what: "restore one link", on: "recipient of a request", statuses: own(200) },
  ],
  "POST /requests/{id}/links/{linkId}/mail": [
    { what: "mail a link that is revoked", on: "recipient of a request", statuses: own(409) },
  ],
  "DELETE /requests/{id}/links/{linkId}": [
    { what: "erase a recipient", on: "recipient of a request", statuses: own(204) },
  ],
  "GET /teams": [{ what: "the caller's teams", on: "team", statuses: members(200) }],
  "GET /teams/{id}/members": [
    {
      what: "the people of a team",
      on: "team",
      statuses: { ...own(200), auditor: 200, admin: 200 },
    },
  ],
  "POST /teams/{id}/members": [
    {
      what: "add a person, or make a manager",
      on: "team",
      body: (_, as) => ({
        memberId: as ?? undefined,
        email: as ? undefined : "a@b.example",
        manager: true,
      }),
      statuses: { ...own(204), admin: 204 },
      forTeam: { member: 403 },
    },
  ],
  "POST /move": [
    {
      what: "move a share to a team",
      on: "share and team",
      body: (ids) => ({ shareIds: [ids.split(" ")[0]], to: ids.split(" ")[1] }),
      statuses: own(200),
    },
  ],
  "DELETE /teams/{id}/members/{memberId}": [
    {
      what: "remove a person",
      on: "person of a team",
      statuses: { ...own(204), admin: 204 },
      forTeam: { member: 403 },
      immediate: true,
    },
  ],
  ...ADMIN_CASES,
} satisfies Record<At, Case[]>
