import "server-only"
import { configuration } from "#lib/adapters/configuration.ts"
import { db } from "#lib/adapters/database.ts"
import { changeCredentials } from "../change-credentials.ts"
import type { ActingMember, SessionMember } from "../member.ts"
import { providerRefusal } from "./sign-in-by-provider.ts"

/** Returns where a member confirms their identity at the provider. `next` is an app path. */
export const confirmAddress = (next: string) =>
  `/auth/oidc/confirm?${new URLSearchParams({ next })}`

/** The page that shows the result of a confirmation. */
export const CONFIRM_PAGE = "/confirm"

/** Whether the provider started the session, so that it can confirm it. */
export async function canConfirmByProvider({
  sessionId,
}: Pick<SessionMember, "sessionId">): Promise<boolean> {
  const { OIDC_ISSUER: issuer } = configuration
  if (issuer === undefined) return false
  return (await db.session.count({ where: { id: sessionId, issuer } })) > 0
}

/** The provider must have asked for the password at most this many seconds ago. */
const FRESH_SECONDS = 300

/** The claims in the ID token from a sign-in that was requested to confirm a session. */
type ProviderConfirmation = {
  issuer: string
  subject: string
  /** The time of the sign-in there, in seconds since 1970; undefined if the provider omits it. */
  authTime: number | undefined
}

/**
 * Confirms a session after its provider was asked to let the member sign in again. The session
 * stays the same. Refuses (forbidden) another person, and an old sign-in, because a provider may
 * skip the requested sign-in.
 */
export async function confirmByProvider(
  by: ActingMember,
  { issuer, subject, authTime }: ProviderConfirmation,
): Promise<void> {
  if (authTime === undefined) throw providerRefusal("provider_no_time")
  const confirmed = await changeCredentials(
    { by },
    (tx) => tx.$executeRaw`
      UPDATE session SET confirmed_at = statement_timestamp()
      WHERE id = ${by.sessionId}::uuid AND issuer = ${issuer} AND subject = ${subject}
        AND to_timestamp(${authTime}::float8)
          > statement_timestamp() - make_interval(secs => ${FRESH_SECONDS}::int)`,
  )
  if (confirmed === 0) throw providerRefusal("provider_not_confirmed")
}
