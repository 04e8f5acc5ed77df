/** Who asks at the address of a request, and how the request is. */
export const GUESTS = {
  stranger: "no delivery",
  sender: "own delivery",
  other: "another delivery",
  elsewhere: "delivery of another request",
  locked: "locked, no password",
  unlocked: "locked, password given",
  relocked: "own delivery, password changed",
  revoked: "own delivery, revoked",
  unknown: "unknown",
  altered: "altered",
} as const
export type GuestKind = keyof typeof GUESTS

export type GuestCall = {
  /** Methods with "|" between them, and an address; "{file}" is a file of the own delivery. */
  call: string
  what: string
  /** A form, or JSON. */
  body?: string
  /** Whether the file is sent in parts. */
  inParts?: true
  /** Whether the file has arrived and is complete. */
  completed?: true
  statuses: Record<GuestKind, number>
}

export const REQUEST_PASSWORD = "open sesame"

const FILE = { name: "boat.jpg", size: 5 }

const at = (...statuses: number[]): GuestCall["statuses"] => {
  const kinds = Object.keys(GUESTS) as GuestKind[]
  return Object.fromEntries(
    kinds.map((kind, index) => [kind, statuses[index] ?? 0]),
  ) as GuestCall["statuses"]
}

/** Every address of a request for files. Whether the client is signed in changes nothing. */
export const GUEST_CALLS: GuestCall[] = [
  {
    call: "GET|HEAD /r/{token}",
    what: "the page",
    statuses: at(200, 200, 200, 200, 200, 200, 200, 410, 404, 404),
  },
  {
    call: "GET|HEAD /r/{token}/unlock",
    what: "back to the page",
    statuses: at(303, 303, 303, 303, 303, 303, 303, 303, 303, 404),
  },
  {
    call: "POST /r/{token}/unlock",
    what: "the right password: back to the page",
    body: `password=${encodeURIComponent(REQUEST_PASSWORD)}`,
    statuses: at(303, 303, 303, 303, 303, 303, 303, 303, 404, 404),
  },
  {
    call: "GET|HEAD /r/{token}/code",
    what: "back to the page",
    statuses: at(303, 303, 303, 303, 303, 303, 303, 303, 303, 404),
  },
  {
    call: "POST /r/{token}/code",
    what: "ask for a code by mail, which no link of this table needs: back to the page",
    body: "email=maria%40example.org",
    statuses: at(303, 303, 303, 303, 303, 303, 303, 303, 303, 404),
  },
  {
    call: "GET|HEAD /r/{token}/verify",
    what: "back to the page",
    statuses: at(303, 303, 303, 303, 303, 303, 303, 303, 303, 404),
  },
  {
    call: "POST /r/{token}/verify",
    what: "a code: back to the page",
    body: "code=123456",
    statuses: at(303, 303, 303, 303, 303, 303, 303, 303, 303, 404),
  },
  {
    call: "GET /r/{token}/files",
    what: "list what this guest sent",
    statuses: at(404, 200, 200, 404, 401, 404, 401, 410, 404, 404),
  },
  {
    call: "POST /r/{token}/files",
    what: "start an upload",
    body: JSON.stringify(FILE),
    statuses: at(201, 201, 201, 201, 401, 201, 401, 410, 404, 404),
  },
  {
    call: "POST /r/{token}/files/batch",
    what: "start several uploads",
    body: JSON.stringify({ files: [FILE] }),
    statuses: at(201, 201, 201, 201, 401, 201, 401, 410, 404, 404),
  },
  {
    call: "POST /r/{token}/files/{file}/upload",
    what: "resume an upload",
    statuses: at(404, 200, 404, 404, 401, 404, 401, 410, 404, 404),
  },
  {
    call: "GET /r/{token}/files/{file}/parts",
    what: "list the parts that the store has",
    inParts: true,
    statuses: at(404, 200, 404, 404, 401, 404, 401, 410, 404, 404),
  },
  {
    call: "POST /r/{token}/files/{file}/parts",
    what: "sign parts",
    body: JSON.stringify({ partNumbers: [1] }),
    inParts: true,
    statuses: at(404, 200, 404, 404, 401, 404, 401, 410, 404, 404),
  },
  {
    call: "POST /r/{token}/files/{file}/complete",
    what: "complete an upload that has arrived",
    statuses: at(404, 200, 404, 404, 401, 404, 401, 410, 404, 404),
  },
  {
    call: "DELETE /r/{token}/files/{file}",
    what: "withdraw a file",
    statuses: at(404, 204, 404, 404, 401, 404, 401, 410, 404, 404),
  },
  {
    call: "POST /r/{token}/done",
    what: "end the delivery",
    body: "{}",
    completed: true,
    statuses: at(404, 200, 409, 404, 404, 404, 401, 410, 404, 404),
  },
  {
    call: "GET|HEAD /r/{token}/receipt",
    what: "the receipt",
    completed: true,
    statuses: at(404, 200, 200, 404, 404, 404, 200, 200, 404, 404),
  },
  {
    call: "PUT|PATCH|DELETE /r/{token}",
    what: "another method",
    statuses: at(405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
  },
]
