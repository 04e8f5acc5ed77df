import "server-only"
import { z } from "zod"
import { call } from "#lib/api/call.ts"
import { createToken } from "#lib/rooms/accounts/tokens/create-token.ts"
import {
  approveDevice,
  askForDevice,
  beginDevice,
  DeviceQuestion,
  DeviceToken,
  DeviceView,
  denyDevice,
  findDevice,
  NewDevice,
  UserCode,
  WaitingDevice,
} from "#lib/rooms/accounts/tokens/device.ts"
import { endMemberTokens, endToken } from "#lib/rooms/accounts/tokens/end-tokens.ts"
import { listTokens } from "#lib/rooms/accounts/tokens/list-tokens.ts"
import { MadeToken, NewToken, TokenView } from "#lib/rooms/accounts/tokens/token.ts"
import { clientAddress } from "#lib/web/read-client-address.ts"
import { counted, listOf } from "./answers.ts"

export const TOKEN_CALLS = [
  call("GET /tokens", {
    does: "Lists the API tokens of the caller, or of the team for which the caller acts.",
    by: "member",
    scope: null,
    gives: listOf(TokenView),
    run: ({ member }) => listTokens(member),
  }),
  call("POST /tokens", {
    does: "Makes an API token of the caller or the team, and returns its text once.",
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
  call("POST /device", {
    does: "Begins the sign-in of a device, which shows the code to its member.",
    by: "anyone",
    scope: null,
    body: NewDevice,
    gives: DeviceView,
    run: ({ body, request }) => beginDevice(body, clientAddress(request.headers)),
  }),
  call("POST /device/token", {
    does: "Returns the token of a device, once a member has approved its code.",
    by: "anyone",
    scope: null,
    body: DeviceQuestion,
    gives: DeviceToken,
    run: ({ body, request }) => askForDevice(body.deviceCode, clientAddress(request.headers)),
  }),
  call("GET /device", {
    does: "Says which device shows a code, and what it asks for.",
    by: "member",
    scope: null,
    query: UserCode,
    gives: WaitingDevice,
    run: ({ member, query }) => findDevice(member, query),
  }),
  call("POST /device/approve", {
    does: "Makes an API token for the device that shows a code.",
    by: "member",
    scope: null,
    confirm: "always",
    body: UserCode,
    gives: z.void(),
    run: ({ member, body }) => approveDevice(member, body),
  }),
  call("POST /device/deny", {
    does: "Refuses the device that shows a code.",
    by: "member",
    scope: null,
    body: UserCode,
    gives: z.void(),
    run: ({ member, body }) => denyDevice(member, body),
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
