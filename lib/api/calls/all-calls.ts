import type { Call } from "#lib/api/call.ts"
import { ADMIN_CALLS } from "./admin.ts"
import { ADMIN_MEMBER_CALLS } from "./admin-members.ts"
import { ADMIN_SHARE_CALLS } from "./admin-shares.ts"
import { FILE_CALLS } from "./files.ts"
import { LINK_CALLS, RECIPIENT_CALLS, REQUEST_LINK_CALLS } from "./links.ts"
import { ME_CALLS } from "./me.ts"
import { REQUEST_CALLS } from "./requests.ts"
import { SHARE_CALLS } from "./shares.ts"
import { TEAM_CALLS } from "./teams.ts"
import { TOKEN_CALLS } from "./tokens.ts"

const TABLE = [
  ...ME_CALLS,
  ...TOKEN_CALLS,
  ...TEAM_CALLS,
  ...FILE_CALLS,
  ...SHARE_CALLS,
  ...LINK_CALLS,
  ...RECIPIENT_CALLS,
  ...REQUEST_CALLS,
  ...REQUEST_LINK_CALLS,
  ...ADMIN_SHARE_CALLS,
  ...ADMIN_MEMBER_CALLS,
  ...ADMIN_CALLS,
] as const

/** Every call of `/api/v1`. */
export const CALLS: readonly Call[] = TABLE

type Calls = { [Each in (typeof TABLE)[number] as Each["at"]]: Each }
/** The method and address of a call: "GET /files/{id}". */
export type At = keyof Calls
export type CallAt<Name extends At> = Calls[Name]
