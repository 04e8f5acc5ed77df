import "server-only"
import { type Sql, sql } from "#lib/db.ts"
import { passkeyHost } from "../passkeys/passkey-host.ts"

/** In SQL: whether a setting requires a second factor of every member. */
export const FACTOR_IS_REQUIRED = `EXISTS (SELECT FROM setting
  WHERE setting.name = 'secondFactorRequired' AND setting.value = 'true')`

/** In SQL: whether a second factor is required and the member has none that works here. */
export const lacksFactor = (memberId: string): Sql => sql`(
  EXISTS (SELECT FROM setting
    WHERE setting.name = 'secondFactorRequired' AND setting.value = 'true')
  AND NOT EXISTS (SELECT FROM totp WHERE totp.member_id = ${memberId}::uuid)
  AND NOT EXISTS (SELECT FROM passkey
    WHERE passkey.member_id = ${memberId}::uuid AND passkey.rp_id = ${passkeyHost()}::text))`
