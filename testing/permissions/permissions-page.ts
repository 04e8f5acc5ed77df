import { table } from "#testing/lapse/doc-block.ts"
import { CALLERS, takesAdmin } from "./callers.ts"
import { MEMBER_CALLS } from "./member-calls.ts"
import { LINKS, VISITOR_CALLS } from "./visitor-calls.ts"

/** Renders docs/permissions.md from the tables that the tests use. */
export const permissionsPage = () => `# Who may do what

Written from the tables in \`testing/permissions/\`. A test sends every call to the real routes, on a
real database and store, as each of these people; it fails for a route without a row and where this
page differs from the tables. \`vitest run app/api/permissions -u\` rewrites the page.

## Members' API

Status by who asks, below \`/api/v1\`. The *owner* is the member to whom the file, share, upload or
session belongs and who is no admin. The *disabled member* is that owner, made an admin before being
disabled, with a session from before. A *visitor* has no session. HEAD is answered as GET where it
is not listed.

What is not the caller's own is 404, as if it did not exist, also to admins: they have calls of
their own. A write that does not come from Lapse's own pages is 403 to everyone who is signed in.

${table(
  ["call", "what", ...Object.values(CALLERS)],
  MEMBER_CALLS.map((row) => [
    code(row.call),
    whatOf(row),
    ...Object.keys(CALLERS).map((caller) => String(Reflect.get(row.statuses, caller))),
  ]),
)}

### Writes that admins need not confirm

An admin confirms every other write that takes an admin, here and on shares of others, ten minutes
after signing in ([sign-in.md](sign-in.md#confirming)); without that it is 403 with \`confirm_required\`.

${table(
  ["call", "what", "why"],
  MEMBER_CALLS.filter(takesAdmin).flatMap((row) =>
    row.immediate ? [[code(row.call), whatOf(row), row.immediate]] : [],
  ),
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
`

const whatOf = ({ what, on }: { what: string; on?: string }) =>
  on?.startsWith("share ") ? `${what} a ${on}` : what

const code = (call: string) => {
  const [methods = "", address = ""] = call.split(" ")
  return `\`${methods.split("|").join(", ")} ${address}\``
}
