import "server-only"
import { z } from "zod"
import { createToken } from "#lib/rooms/accounts/tokens/create-token.ts"
import { endMemberTokens, endToken } from "#lib/rooms/accounts/tokens/end-tokens.ts"
import { listTokens } from "#lib/rooms/accounts/tokens/list-tokens.ts"
import { MadeToken, NewToken, TokenView } from "#lib/rooms/accounts/tokens/token.ts"
import { call } from "#lib/web/api/call.ts"
import { counted, listOf } from "./answers.ts"

export const TOKEN_CALLS = [
  call("GET /tokens", {
    does: "Lists the caller's API tokens.",
    by: "member",
    scope: null,
    gives: listOf(TokenView),
    run: ({ member }) => listTokens(member.id),
  }),
  call("POST /tokens", {
    does: "Makes an API token, and returns its text once.",
    by: "member",
    scope: null,
    confirm: "always",
    body: NewToken,
    gives: MadeToken,
    creates: { never: "the token is shown once" },
    run: ({ member, body }) => createToken(member, body),
  }),
  call("DELETE /tokens/{id}", {
    does: "Ends an API token of the caller.",
    by: "member",
    scope: null,
    gives: z.void(),
    run: ({ member, params }) => endToken(member, params.id),
  }),
  call("DELETE /admin/users/{id}/tokens", {
    does: "Ends every API token of a member.",
    by: "admin",
    scope: null,
    confirm: { never: "only stops access" },
    gives: counted,
    run: ({ member, params }) => endMemberTokens(member, params.id),
  }),
] as const
