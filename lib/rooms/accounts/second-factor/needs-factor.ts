import "server-only"
import { rawSql, type Sql, sql } from "#lib/adapters/database.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { passkeyHost } from "../passkeys/passkey-host.ts"

/** In SQL: whether a setting requires a second factor of every member. */
export const FACTOR_IS_REQUIRED = `EXISTS (SELECT FROM setting
  WHERE setting.name = 'secondFactorRequired' AND setting.value = 'true')`

/** In SQL: whether the member has a second factor that works here. */
export const hasFactor = (memberId: string): Sql => sql`(
  EXISTS (SELECT FROM totp WHERE totp.member_id = ${memberId}::uuid)
  OR EXISTS (SELECT FROM passkey
    WHERE passkey.member_id = ${memberId}::uuid AND passkey.rp_id = ${passkeyHost()}::text))`

/** In SQL: whether a second factor is required and the member has none that works here. */
export const lacksFactor = (memberId: string): Sql =>
  sql`(${rawSql(FACTOR_IS_REQUIRED)} AND NOT ${hasFactor(memberId)})`

/** The refusal of a password as proof, because the member has a second factor. */
export const confirmByFactor = () =>
  refusal("invalid", "confirm_by_factor", {}, { field: "password" })
