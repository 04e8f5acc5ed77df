/** Who asks. To add one, add its column here and in the functions below; the compiler finds the rest. */
export const CALLERS = {
  owner: "owner",
  other: "other member",
  admin: "admin",
  disabled: "disabled member",
  visitor: "visitor",
} as const
export type Caller = keyof typeof CALLERS
export type StatusOf = Record<Caller, number>

/** A member's own thing: to others it does not exist, and an admin has calls of its own. */
const own = (status: number): StatusOf => ({
  ...{ owner: status, other: 404, admin: 404 },
  ...{ disabled: 401, visitor: 401 },
})

/** What every member may do, each with what is theirs. */
const members = (status: number): StatusOf => ({
  ...{ owner: status, other: status, admin: status },
  ...{ disabled: 401, visitor: 401 },
})

const admins = (status: number): StatusOf => ({
  ...{ owner: 403, other: 403, admin: status },
  ...{ disabled: 401, visitor: 401 },
})

/** What the id in the address is of; all but an invitation and a revocation belong to the owner. */
export type Target =
  | "file"
  | "upload"
  | "upload in parts"
  | "picture"
  | "picture with a thumbnail that arrived"
  | "share"
  | "share its owner revoked"
  | "share an admin revoked"
  | "session"
  | "member"
  | "invitation"
  | "revocation"
  | "sealed audit log"

export type MemberCall = {
  /** Methods with "|" between them, and the address, with "{id}" for the id of the target. */
  call: string
  what: string
  on?: Target
  /** The id of the target is the argument. */
  body?: (id: string) => unknown
  query?: (id: string) => string
  statuses: StatusOf
}

const FILE = { name: "plan.pdf", size: 3, contentType: "application/pdf" }

/** Every call of the members' API. */
export const MEMBER_CALLS: MemberCall[] = [
  { call: "GET /me", what: "who is signed in", statuses: members(200) },
  {
    ...{ call: "PATCH /me", what: "change the caller's name, sort order or new shares" },
    ...{ body: () => ({ name: "Ada" }), statuses: members(204) },
  },
  {
    ...{ call: "POST /me/password", what: "change the password, to one that is too short" },
    body: () => ({ currentPassword: "the present one", newPassword: "short" }),
    statuses: members(400),
  },
  { call: "GET /sessions", what: "where the caller is signed in", statuses: members(200) },
  { call: "DELETE /sessions", what: "end the caller's other sessions", statuses: members(204) },
  { call: "DELETE /sessions/{id}", what: "end a session", on: "session", statuses: own(204) },

  // A setting may let members invite; here only admins do.
  { call: "POST /invites", what: "invite, as a member", statuses: members(403) },

  { call: "GET /files", what: "the caller's files", statuses: members(200) },
  { call: "POST /files", what: "start an upload", body: () => FILE, statuses: members(201) },
  { call: "GET /files/ids", what: "the ids of the caller's files", statuses: members(200) },
  { call: "GET /files/folders", what: "the caller's folders", statuses: members(200) },
  {
    ...{ call: "POST /files/folders/move", what: "move a folder that nobody has" },
    ...{ body: () => ({ from: "nowhere", to: "Plans" }), statuses: members(404) },
  },
  {
    ...{ call: "POST /files/move", what: "move files to a folder", on: "file" },
    ...{ body: (id) => ({ fileIds: [id], path: "Plans" }), statuses: own(200) },
  },
  {
    ...{ call: "POST /files/delete", what: "delete files", on: "file" },
    ...{ body: (id) => ({ ids: [id] }), statuses: own(200) },
  },
  { call: "GET /files/{id}", what: "read a file", on: "file", statuses: own(200) },
  {
    ...{ call: "PATCH /files/{id}", what: "rename a file", on: "file" },
    ...{ body: () => ({ name: "other.pdf" }), statuses: own(200) },
  },
  { call: "DELETE /files/{id}", what: "delete a file", on: "file", statuses: own(204) },
  { call: "GET /files/{id}/cut-off", what: "how its end is", on: "file", statuses: own(200) },
  {
    ...{ call: "POST /files/{id}/cut-off", what: "end every URL of a file", on: "file" },
    statuses: own(202),
  },
  {
    ...{ call: "POST /files/{id}/upload", what: "resume an upload", on: "upload" },
    statuses: own(200),
  },
  {
    ...{ call: "GET /files/{id}/parts", what: "which parts have arrived", on: "upload in parts" },
    statuses: own(200),
  },
  {
    ...{ call: "POST /files/{id}/parts", what: "URLs for parts", on: "upload in parts" },
    body: () => ({ partNumbers: [1], sha256: { 1: "0".repeat(64) } }),
    statuses: own(200),
  },
  {
    ...{ call: "POST /files/{id}/complete", what: "end an upload", on: "upload" },
    statuses: own(200),
  },
  {
    ...{ call: "POST /files/{id}/thumbnail", what: "send a small picture", on: "picture" },
    ...{ body: () => ({ size: 4, contentType: "image/webp" }), statuses: own(200) },
  },
  {
    ...{ call: "POST /files/{id}/thumbnail/complete", what: "show the small picture" },
    ...{ on: "picture with a thumbnail that arrived", statuses: own(200) },
  },

  { call: "GET /shares", what: "the caller's shares", statuses: members(200) },
  {
    ...{ call: "POST /shares", what: "share a file", on: "file" },
    ...{ body: (id) => ({ fileIds: [id] }), statuses: own(201) },
  },
  {
    call: "GET /shares/live",
    what: "the numbers of some of the caller's shares",
    on: "share",
    query: (id) => `?ids=${id}`,
    statuses: members(200),
  },
  { call: "GET /shares/ids", what: "the ids of the caller's shares", statuses: members(200) },
  {
    ...{ call: "POST /shares/holding", what: "the caller's shares that hold a file", on: "file" },
    ...{ body: (id) => ({ fileIds: [id] }), statuses: members(200) },
  },
  {
    ...{ call: "POST /shares/revoke", what: "revoke those that are the caller's", on: "share" },
    ...{ body: (id) => ({ ids: [id] }), statuses: members(200) },
  },
  {
    ...{ call: "POST /shares/restore", what: "restore", on: "share its owner revoked" },
    ...{ body: (id) => ({ ids: [id] }), statuses: own(200) },
  },
  {
    ...{ call: "POST /shares/extend", what: "extend those that are the caller's", on: "share" },
    body: (id) => ({ ids: [id], expiresAt: new Date(Date.now() + 86_400_000).toISOString() }),
    statuses: members(200),
  },
  { call: "GET /shares/{id}", what: "read a share", on: "share", statuses: own(200) },
  {
    ...{ call: "PATCH /shares/{id}", what: "edit a share", on: "share" },
    ...{ body: () => ({ title: "Plans" }), statuses: own(200) },
  },
  { call: "GET /shares/{id}/events", what: "what happened", on: "share", statuses: own(200) },
  {
    ...{ call: "GET /shares/{id}/addable", what: "files it does not hold", on: "share" },
    statuses: own(200),
  },
  {
    ...{ call: "POST /shares/{id}/cut-off", what: "end every URL of a share", on: "share" },
    statuses: own(202),
  },
  {
    ...{ call: "POST /shares/{id}/reopen", what: "answer questions by opening it", on: "share" },
    ...{ body: () => ({ seen: "open" }), statuses: own(200) },
  },
  {
    ...{ call: "DELETE /shares/{id}/questions", what: "dismiss questions", on: "share" },
    statuses: own(204),
  },
  {
    ...{ call: "GET /shares/{id}/activity.csv", what: "its charts as CSV", on: "share" },
    statuses: own(200),
  },
  {
    ...{ call: "POST /shares/{id}/new-link", what: "replace its address", on: "share" },
    statuses: own(200),
  },
  { call: "POST /shares/{id}/revoke", what: "revoke", on: "share", statuses: own(200) },
  {
    ...{ call: "POST /shares/{id}/revoke", what: "revoke and cut off", on: "share" },
    ...{ body: () => ({ cutOff: true }), statuses: own(200) },
  },
  {
    ...{ call: "POST /shares/{id}/restore", what: "restore", on: "share its owner revoked" },
    statuses: { ...own(200), admin: 200 },
  },
  {
    ...{ call: "POST /shares/{id}/restore", what: "restore", on: "share an admin revoked" },
    statuses: { ...own(403), admin: 200 },
  },

  { call: "GET /admin/shares", what: "all shares", statuses: admins(200) },
  { call: "GET /admin/shares/{id}", what: "read a share", on: "share", statuses: admins(200) },
  {
    ...{ call: "GET /admin/shares/{id}/events", what: "what happened", on: "share" },
    statuses: admins(200),
  },
  { call: "GET /admin/files", what: "all files", statuses: admins(200) },
  {
    ...{ call: "GET /admin/files/{id}", what: "read a file, with its shares", on: "file" },
    statuses: admins(200),
  },
  {
    ...{ call: "POST /admin/files/delete", what: "delete files", on: "file" },
    ...{ body: (id) => ({ ids: [id] }), statuses: admins(200) },
  },
  {
    ...{ call: "POST /admin/shares/revoke", what: "what a revocation reaches", on: "share" },
    ...{ body: (id) => ({ ids: [id], dryRun: true }), statuses: admins(200) },
  },
  {
    ...{ call: "POST /admin/shares/revoke", what: "revoke shares", on: "share" },
    ...{ body: (id) => ({ ids: [id] }), statuses: admins(200) },
  },
  {
    ...{ call: "POST /admin/shares/revoke", what: "revoke and cut off", on: "share" },
    ...{ body: (id) => ({ ids: [id], cutOff: true }), statuses: admins(202) },
  },
  {
    ...{ call: "POST /admin/shares/{id}/restore", what: "restore", on: "share an admin revoked" },
    statuses: admins(200),
  },
  {
    ...{ call: "POST /admin/shares/restore", what: "restore", on: "share an admin revoked" },
    ...{ body: (id) => ({ ids: [id] }), statuses: admins(200) },
  },
  {
    ...{ call: "POST /admin/shares/{id}/cut-off", what: "end every URL of a share" },
    ...{ on: "share its owner revoked", statuses: admins(202) },
  },
  {
    ...{ call: "DELETE /admin/shares/{id}/questions", what: "dismiss questions" },
    ...{ on: "share an admin revoked", statuses: admins(204) },
  },
  {
    ...{ call: "POST /admin/storage/check", what: "try out what the store can do" },
    statuses: admins(200),
  },
  {
    ...{ call: "GET /admin/settings", what: "what admins decided for everyone" },
    statuses: admins(200),
  },
  {
    ...{ call: "PATCH /admin/settings", what: "change that" },
    ...{ body: () => ({ defaultShareDays: 14 }), statuses: admins(200) },
  },
  {
    ...{ call: "GET /admin/settings/outside", what: "shares that it would not allow today" },
    statuses: admins(200),
  },
  {
    ...{ call: "POST /admin/settings/shorten", what: "end those earlier" },
    ...{ body: () => ({ endsInDays: 7 }), statuses: admins(200) },
  },
  {
    ...{ call: "GET /admin/revocations/{id}", what: "how far one is", on: "revocation" },
    statuses: admins(200),
  },
  {
    ...{ call: "GET /admin/revocations", what: "revocations that go on" },
    statuses: admins(200),
  },
  { call: "GET /admin/users", what: "all members", statuses: admins(200) },
  {
    ...{ call: "POST /admin/users/{id}/reset-password", what: "a link to a new password" },
    ...{ on: "member", statuses: admins(201) },
  },
  {
    ...{ call: "GET /admin/users/{id}", what: "read a member", on: "member" },
    statuses: admins(200),
  },
  {
    ...{ call: "DELETE /admin/users/{id}", what: "delete a member", on: "member" },
    ...{ body: () => ({ files: "delete" }), statuses: admins(200) },
  },
  {
    ...{ call: "PATCH /admin/users/{id}", what: "disable a member", on: "member" },
    ...{ body: () => ({ disabled: true }), statuses: admins(200) },
  },
  {
    ...{ call: "PATCH /admin/users/{id}", what: "make an admin", on: "member" },
    ...{ body: () => ({ role: "admin" }), statuses: admins(200) },
  },
  {
    ...{ call: "POST /admin/users/{id}/end-sessions", what: "end sessions", on: "member" },
    statuses: admins(204),
  },
  {
    ...{ call: "GET /admin/users/{id}/new-owners", what: "who may get what a member owns" },
    ...{ on: "member", statuses: admins(200) },
  },
  { call: "GET /admin/users/invites", what: "open invitations", statuses: admins(200) },
  {
    ...{ call: "POST /admin/users/invites", what: "invite" },
    ...{ body: () => ({ email: null }), statuses: admins(201) },
  },
  {
    ...{ call: "DELETE /admin/users/invites/{id}", what: "withdraw", on: "invitation" },
    statuses: admins(204),
  },
  { call: "GET /admin/audit", what: "the audit log", statuses: admins(200) },
  {
    ...{ call: "GET /admin/audit/head", what: "its last seal", on: "sealed audit log" },
    statuses: admins(200),
  },
  { call: "GET|HEAD /admin/audit.csv", what: "the audit log as CSV", statuses: admins(200) },
  { call: "GET|HEAD /admin/audit.jsonl", what: "as JSON Lines", statuses: admins(200) },
]
