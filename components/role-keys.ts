import type { Role } from "#lib/rooms/accounts/member.ts"

/** The messages of `admin.members` that name the roles. */
export const ROLE_KEYS = {
  member: "roleMember",
  auditor: "roleAuditor",
  admin: "roleAdmin",
} as const satisfies Record<Role, string>
