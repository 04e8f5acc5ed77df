import type { PersonId } from "#lib/rooms/accounts/member.ts"

/** The actor of a call that a member or an admin makes with a session. */
export const acting = <Id extends PersonId>(id: Id) => ({
  id,
  owner: id,
  auditorId: id,
  adminId: id,
  token: null,
})
