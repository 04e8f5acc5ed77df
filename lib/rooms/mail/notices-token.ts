import "server-only"
import { readSigned, sign } from "#lib/adapters/secrets.ts"
import { isUuid } from "#lib/adapters/text/uuid.ts"

/** Whose mails a person gets: those about their own shares, or those of a team of theirs. */
export type Subscription = { id: string; team: { id: string } | null }

/** Returns the token of a link that stops these mails. It never expires, and can do nothing else. */
export const noticesToken = ({ id, team }: Subscription) =>
  sign("notices", team ? `${id}~${team.id}` : id)

/** Returns null for a token that this installation did not make. */
export function readNoticesToken(token: string): Subscription | null {
  const [id = "", team, ...more] = readSigned("notices", token)?.split("~") ?? []
  if (!isUuid(id) || more.length > 0) return null
  if (team === undefined) return { id, team: null }
  return isUuid(team) ? { id, team: { id: team } } : null
}
