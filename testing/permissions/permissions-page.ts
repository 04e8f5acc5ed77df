import { CALLS } from "#lib/api/calls/all-calls.ts"
import { table } from "#testing/lapse/doc-block.ts"
import { CALLERS, type Case, takesAdmin } from "./callers.ts"
import { CASES } from "./cases.ts"
import { GUEST_CALLS, GUESTS } from "./guest-calls.ts"
import { forTeam } from "./team-callers.ts"
import { LINKS, VISITOR_CALLS } from "./visitor-calls.ts"

const ROWS = Object.entries<Case[]>(CASES).flatMap(([at, rows]) =>
  rows.map((row) => [at, row] as const),
)

const { visitor, ...OTHERS } = CALLERS
/** A visitor and a disabled member get the same answers to every call. */
const COLUMNS = { ...OTHERS, disabled: `${OTHERS.disabled}, ${visitor}` }
if (ROWS.some(([, { statuses }]) => statuses.disabled !== statuses.visitor))
  throw new Error("A visitor and a disabled member get different answers.")

/** Why the call is declared to need no confirmation. */
function whyImmediate(at: string): string {
  const confirm = CALLS.find((call) => call.at === at)?.confirm
  if (typeof confirm !== "object" || "byVerb" in confirm) throw new Error(`${at} says no reason.`)
  return "never" in confirm ? confirm.never : confirm.unless
}

/** Renders docs/permissions.md from the tables that the tests use. */
export const permissionsPage = () => `# Who may do what

Written from the tables in \`testing/permissions/\`. A test sends every call to the real route as each
of these people, and fails where an answer differs. \`vitest run app/api/permissions -u\` rewrites
the page.

## Members' API

Below \`/api/v1\`; the page \`/api\` of an installation says what each call does. The *owner* is the
member to whom the file, share, upload or session belongs and who is no admin. An *auditor* reads
what admins read, without addresses of links. The *disabled member*
is that owner, made an admin before being disabled, with a session from before. A *visitor* has no
session. HEAD is answered as GET.

What is not the caller's own is 404, also to admins: they have calls of their own. A write that does
not come from Lapse's own pages is 403 to everyone who is signed in.

${grouped(
  COLUMNS,
  ROWS.map(([at, row]) => ({ call: at, what: whatOf(row), statuses: row.statuses })),
)}

### Writes that admins need not confirm

Every other write that takes an admin is 403 with \`confirm_required\` ten minutes after signing in
([sign-in.md](services/sign-in.md#confirming)).

${grouped(
  { why: "why" },
  ROWS.filter(([at, row]) => takesAdmin(at, row) && row.immediate).map(([at, row]) => ({
    ...{ call: at, what: whatOf(row), statuses: { why: whyImmediate(at) } },
  })),
)}

## For a team

With \`Lapse-Team\` a call answers the team's people as an owner, and service accounts as a token. To
others, admins too, it and the pages \`/t/{team}/…\` are 404. Except:

${grouped(
  { member: "member", manager: "manager", service: "service account", stranger: "others" },
  ROWS.flatMap(([at, row]) =>
    row.forTeam ? [{ call: at, what: row.what, statuses: forTeam(at, row) }] : [],
  ),
  ROWS.map(([call]) => ({ call })),
)}

## API tokens

A token makes the calls of its scopes ([programs.md](programs.md#what-a-token-may-do)) and
\`GET /me\`. Every other call is 403
with \`scope\`. To a token of the owner a call answers as to the owner. An admin's token acts as an
admin in the calls of an \`admin:\` scope alone, an auditor's as an auditor. A token needs neither the app's origin nor a
confirmation. Beside a token a session cookie is not read.

## Links

By how the link is, whoever asks. What each kind of link answers to each kind of visitor is in
[visitors.md](visitors.md).

${grouped(LINKS, VISITOR_CALLS)}

## Requests for files

By who asks, and how the request is; a sign-in does not matter. A guest is known by the ticket of the
*delivery* that the guest began; the file is one of *own delivery*. Where nothing else is said the
request is open and has no password. A write that a page of another site sends is 403.
[requests.md](requests.md#what-a-guest-can-do) says what the calls do.

${grouped(GUESTS, GUEST_CALLS)}
`

type Row = { call: string; what: string; statuses: object }

/** The calls with the same statuses in a row; a call that has several rows says which it means. */
function grouped(columns: Record<string, string>, rows: Row[], all: Pick<Row, "call">[] = rows) {
  const count = Map.groupBy(all, ({ call }) => call)
  const named = ({ call, what }: Row) =>
    (count.get(call)?.length ?? 0) > 1 ? `${code(call)} (${what})` : code(call)
  const statusesOf = ({ statuses }: Row) =>
    Object.keys(columns).map((column) => String(Reflect.get(statuses, column)))
  const groups = Map.groupBy(rows, (row) => statusesOf(row).join(" | "))
  return table(
    [...Object.values(columns), "calls"],
    [...groups].map(([statuses, calls]) => [statuses, calls.map(named).join(", ")]),
  )
}

const whatOf = ({ what, on }: { what: string; on?: string }) =>
  on?.startsWith("share ") ? `${what} a ${on}` : what

const code = (call: string) => {
  const [methods = "", address = ""] = call.split(" ")
  return `\`${methods.split("|").join(", ")} ${address}\``
}
