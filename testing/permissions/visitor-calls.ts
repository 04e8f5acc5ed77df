/** The states of the requested link. */
export const LINKS = {
  open: "open",
  locked: "locked",
  unlocked: "locked, password given",
  revoked: "revoked",
  /** Never existed, or was replaced by a new one. */
  unknown: "unknown",
  /** Not signed with the secret, which is detected without a query. */
  altered: "altered",
} as const
export type LinkKind = keyof typeof LINKS
export type StatusByLink = Record<LinkKind, number>

export type VisitorCall = {
  /** Methods with "|" between them, and the address of a link; "{file}" is one of its files. */
  call: string
  what: string
  /** Whether the client accepts "application/json". */
  json?: boolean
  /** A form, or JSON. */
  body?: string
  statuses: StatusByLink
}

const statuses = (
  open: number,
  locked: number,
  unlocked: number,
  revoked: number,
  unknown: number,
  altered: number,
): StatusByLink => ({ open, locked, unlocked, revoked, unknown, altered })

export const LINK_PASSWORD = "open sesame"

/** Every address of a link. Whether the client is signed in changes nothing. */
export const VISITOR_CALLS: VisitorCall[] = [
  {
    call: "GET|HEAD /s/{token}",
    what: "the page",
    statuses: statuses(200, 200, 200, 410, 404, 404),
  },
  {
    call: "GET|HEAD /s/{token}/state",
    what: "for a page that follows",
    statuses: statuses(200, 401, 200, 200, 404, 404),
  },
  {
    call: "GET|HEAD /s/{token}/unlock",
    what: "back to the page",
    statuses: statuses(303, 303, 303, 303, 303, 404),
  },
  {
    call: "POST /s/{token}/unlock",
    what: "the right password: back to the page",
    body: `password=${encodeURIComponent(LINK_PASSWORD)}`,
    statuses: statuses(303, 303, 303, 303, 404, 404),
  },
  {
    call: "POST /s/{token}/unlock",
    what: "another password: back to the page",
    body: "password=guessed",
    statuses: statuses(303, 303, 303, 303, 404, 404),
  },
  {
    call: "GET|HEAD /s/{token}/code",
    what: "back to the page",
    statuses: statuses(303, 303, 303, 303, 303, 404),
  },
  {
    call: "POST /s/{token}/code",
    what: "ask for a code by mail, which no link of this table needs: back to the page",
    body: "email=maria%40example.org",
    statuses: statuses(303, 303, 303, 303, 303, 404),
  },
  {
    call: "GET|HEAD /s/{token}/verify",
    what: "back to the page",
    statuses: statuses(303, 303, 303, 303, 303, 404),
  },
  {
    call: "POST /s/{token}/verify",
    what: "a code: back to the page",
    body: "code=123456",
    statuses: statuses(303, 303, 303, 303, 303, 404),
  },
  {
    call: "GET|HEAD /s/{token}/ask",
    what: "back to the page",
    statuses: statuses(303, 303, 303, 303, 303, 404),
  },
  {
    call: "POST /s/{token}/ask",
    what: "ask for a link that is over to be opened again",
    body: "note=Please",
    statuses: statuses(303, 303, 303, 303, 404, 404),
  },
  {
    call: "GET|HEAD /s/{token}/claim",
    what: "back to the page",
    statuses: statuses(303, 303, 303, 303, 303, 404),
  },
  {
    call: "POST /s/{token}/claim",
    what: "claim all files",
    statuses: statuses(200, 401, 200, 410, 404, 404),
  },
  {
    call: "POST /s/{token}/d/{file}",
    what: "a click: to the store, or back to the page",
    statuses: statuses(303, 303, 303, 303, 404, 404),
  },
  {
    call: "POST /s/{token}/d/{file}",
    what: "the same as JSON",
    json: true,
    statuses: statuses(303, 401, 303, 410, 404, 404),
  },
  {
    call: "GET /s/{token}/d/{file}",
    what: "without a ticket: back to the page",
    statuses: statuses(303, 303, 303, 303, 404, 404),
  },
  {
    call: "GET /s/{token}/d/{file}",
    what: "the same as JSON",
    json: true,
    statuses: statuses(403, 401, 403, 410, 404, 404),
  },
  {
    call: "HEAD /s/{token}/d/{file}",
    what: "size, type and name",
    statuses: statuses(200, 401, 200, 410, 404, 404),
  },
  {
    call: "GET /s/{token}/p/{file}",
    what: "a preview: to the store",
    statuses: statuses(302, 401, 302, 410, 404, 404),
  },
  {
    call: "GET /s/{token}/p/{file}",
    what: "the same as JSON",
    json: true,
    statuses: statuses(200, 401, 200, 410, 404, 404),
  },
  {
    call: "HEAD /s/{token}/p/{file}",
    what: "size, type and name of what it shows",
    statuses: statuses(200, 401, 200, 410, 404, 404),
  },
  {
    call: "GET /s/{token}/t/{file}",
    what: "a thumbnail, which this file does not have",
    statuses: statuses(404, 401, 404, 410, 404, 404),
  },
  {
    call: "PUT|PATCH|DELETE /s/{token}",
    what: "another method",
    statuses: statuses(405, 405, 405, 405, 405, 405),
  },
  {
    call: "GET|HEAD /share/{token}",
    what: "an address of an imported app, of which this installation has none",
    statuses: statuses(404, 404, 404, 404, 404, 404),
  },
]
