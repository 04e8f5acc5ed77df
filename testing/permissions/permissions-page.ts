import { CALLS } from "#lib/web/api/calls/all-calls.ts"
import { table } from "#testing/lapse/doc-block.ts"
import { CALLERS, type Case, takesAdmin } from "./callers.ts"
import { CASES } from "./cases.ts"
import { GUEST_CALLS, GUESTS } from "./guest-calls.ts"
import { TOKEN_CALLS } from "./token-calls.ts"
import { LINKS, VISITOR_CALLS } from "./visitor-calls.ts"

const ROWS = Object.entries<Case[]>(CASES).flatMap(([at, rows]) =>
  rows.map((row) => [at, row] as const),
)

/** Why the call is declared to need no confirmation. */
function whyImmediate(at: string): string {
  const confirm = CALLS.find((call) => call.at === at)?.confirm
  if (typeof confirm !== "object" || "byVerb" in confirm) throw new Error(`${at} says no reason.`)
  return "never" in confirm ? confirm.never : confirm.unless
}

/** Renders docs/permissions.md from the tables that the tests use. */
export const permissionsPage = () => `# Who may do what

Written from the tables in \`testing/permissions/\`. A test sends every call to the real route, on a
real database and store, as each of these people; it fails where an answer or this page differs from
the tables, and they do not compile for a call without a case. \`vitest run app/api/permissions -u\`
rewrites the page.

## Members' API

Status by who asks, below \`/api/v1\`. The *owner* is the member to whom the file, share, upload or
session belongs and who is no admin. The *disabled member* is that owner, made an admin before being
disabled, with a session from before. A *visitor* has no session. HEAD is answered as GET.

What is not the caller's own is 404, as if it did not exist, also to admins: they have calls of
their own. A write that does not come from Lapse's own pages is 403 to everyone who is signed in.

${table(
  ["call", "what", ...Object.values(CALLERS)],
  ROWS.map(([at, row]) => [
    code(at),
    whatOf(row),
    ...Object.keys(CALLERS).map((caller) => String(Reflect.get(row.statuses, caller))),
  ]),
)}

### Writes that admins need not confirm

An admin confirms every other write that takes an admin, here and on shares of others, ten minutes
after signing in ([sign-in.md](services/sign-in.md#confirming)); without that it is 403 with \`confirm_required\`.

${table(
  ["call", "what", "why"],
  ROWS.filter(([at, row]) => takesAdmin(at, row) && row.immediate).map(([at, row]) => [
    code(at),
    whatOf(row),
    whyImmediate(at),
  ]),
)}

## API tokens

A token makes the calls of its scopes ([tokens.md](tokens.md)) and \`GET /me\`. Every other call is 403
with \`scope\`, and those that this table does not list take no token at all: they change or show how
members sign in, tokens, sessions, roles and invitations. To a token of the owner, a call answers as
to the owner. An admin's token acts as an admin in the calls of an \`admin:\` scope alone. A token
needs neither the app's origin nor a confirmation; a request with a token and a session is 400.

${table(
  ["scope", "calls"],
  Object.entries(TOKEN_CALLS).map(([scope, calls]) => [`\`${scope}\``, calls.map(code).join(", ")]),
)}

## Links

Status by how the link is. It does not matter whether the client is signed in, and as what. What
each kind of link answers to each kind of visitor is in [visitors.md](visitors.md).

${table(
  ["address", "what", ...Object.values(LINKS)],
  VISITOR_CALLS.map(({ call, what, statuses }) => [
    code(call),
    what,
    ...Object.keys(LINKS).map((link) => String(Reflect.get(statuses, link))),
  ]),
)}

## Requests for files

Status by who asks, and how the request is. It does not matter whether the client is signed in. A
guest is known by the ticket of the *delivery* that the guest began; the file is one of *own
delivery*. Where nothing else is said the request is open and has no password. A write that a page of
another site sends is 403. What guests can do is in [requests.md](requests.md#what-a-guest-can-do).

${table(
  ["address", "what", ...Object.values(GUESTS)],
  GUEST_CALLS.map(({ call, what, statuses }) => [
    code(call),
    what,
    ...Object.keys(GUESTS).map((guest) => String(Reflect.get(statuses, guest))),
  ]),
)}
`

const whatOf = ({ what, on }: { what: string; on?: string }) =>
  on?.startsWith("share ") ? `${what} a ${on}` : what

const code = (call: string) => {
  const [methods = "", address = ""] = call.split(" ")
  return `\`${methods.split("|").join(", ")} ${address}\``
}
