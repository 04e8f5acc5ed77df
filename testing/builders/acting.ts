import type { MemberId } from "#lib/rooms/accounts/member.ts"

/** The actor of a call that a member or an admin makes with a session. */
export const acting = <Id extends MemberId>(id: Id) => ({ id, adminId: id, token: null })
