/**
 * The callers. To add one, add its column here and in the functions below; the compiler finds the
 * rest.
 */
export const CALLERS = {
  owner: "owner",
  other: "other member",
  auditor: "auditor",
  admin: "admin",
  disabled: "disabled member",
  visitor: "visitor",
} as const
export type Caller = keyof typeof CALLERS
export type StatusOf = Record<Caller, number>

/** Who makes a call for a team. */
export const TEAM_CALLERS = [
  ...(["member", "manager", "service"] as const),
  ...(["stranger", "auditor", "admin"] as const),
]
export type TeamCaller = (typeof TEAM_CALLERS)[number]

/**
 * A call on a member's own resource: for others it does not exist, and admins have separate calls.
 */
export const own = (status: number): StatusOf => ({
  owner: status,
  other: 404,
  auditor: 404,
  admin: 404,
  disabled: 401,
  visitor: 401,
})

/** A call that every member may make, with a result of the member's own. */
export const members = (status: number): StatusOf => ({
  owner: status,
  other: status,
  auditor: status,
  admin: status,
  disabled: 401,
  visitor: 401,
})

/** A call without a sign-in. */
export const anyone = (status: number): StatusOf => ({
  owner: status,
  other: status,
  auditor: status,
  admin: status,
  disabled: status,
  visitor: status,
})

export const admins = (status: number): StatusOf => ({
  owner: 403,
  other: 403,
  auditor: 403,
  admin: status,
  disabled: 401,
  visitor: 401,
})

/** A read of what belongs to others, which auditors may make too. */
export const auditors = (status: number): StatusOf => ({ ...admins(status), auditor: status })

/**
 * The resource of the id in the address; all but an invitation, a revocation and a device belong to
 * the owner. The id of a device or an authenticator app is a code; that of a recipient is the ids of
 * share and link, that of a person of a team and that of a share and a team those of both, with a
 * space between them.
 */
export type Target =
  | "file"
  | "file in a folder"
  | "upload"
  | "upload in parts"
  | "picture"
  | "picture with a thumbnail that arrived"
  | "picture with a thumbnail"
  | "share"
  | "share its owner revoked"
  | "share an admin revoked"
  | "recipient"
  | "recipient of a request"
  | "request"
  | "request its owner revoked"
  | "request with a delivery"
  | "delivery"
  | "session"
  | "member"
  | "passkey"
  | "token"
  | "authenticator app"
  | "device"
  | "approved device"
  | "member with second factors"
  | "invitation"
  | "team"
  | "person of a team"
  | "share and team"
  | "revocation"
  | "sealed audit log"

export type Case = {
  what: string
  on?: Target
  /** Makes the body from the id of the target and the id of the calling member. */
  body?: (id: string, as: string | null) => unknown
  query?: (id: string) => string
  statuses: StatusOf
  /** Where a call for a team is answered otherwise than `usualForTeam` says. */
  forTeam?: Partial<Record<TeamCaller, number>>
  /** Whether an admin need not confirm the call, although it is a write that requires an admin. */
  immediate?: true
}

/** Whether the call is a write that requires an admin, so that it needs a confirmation. */
export const takesAdmin = (at: string, { statuses }: Case) =>
  !at.startsWith("GET ") && (at.includes(" /admin/") || statuses.admin !== statuses.other)
