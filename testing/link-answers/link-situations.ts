/** The state of a link for the visitor. */
export type AskedLink = {
  status: "open" | "scheduled" | "expired" | "revoked" | "used_up"
  password: "none" | "locked" | "unlocked"
  limited: boolean
  hasTicket: boolean
  direct: boolean
  reading: "all" | "view only" | "no previews"
}

/**
 * The answer of a link: a status, or
 * - page: 303 back to the link's page
 * - store: 303 or, for a GET, 302 to a presigned URL
 * - url: 200 with a presigned URL as JSON
 * - urls: 200 with a presigned URL for each file, and a ticket if the visitor has none
 * - ticket: 200 with a ticket and no URLs
 */
export type Answered = "page" | "store" | "url" | "urls" | "ticket" | "200" | `4${number}`

/** The kinds of clients, by the headers that they send besides cookies. */
export const VISITORS = {
  person: {
    "user-agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0 Safari/537.36",
    accept: "text/html,*/*;q=0.8",
  },
  script: {
    "user-agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0 Safari/537.36",
    accept: "application/json",
  },
  library: { "user-agent": "curl/8.14.1", accept: "*/*" },
  unfurler: { "user-agent": "Slackbot-LinkExpanding 1.0", accept: "*/*" },
  prefetch: {
    "user-agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0 Safari/537.36",
    accept: "text/html,*/*;q=0.8",
    "sec-purpose": "prefetch",
  },
} as const
export type VisitorKind = keyof typeof VISITORS

type Ask = {
  method: "GET" | "HEAD" | "POST"
  /** The path below the link's address. */
  path: "" | "/state" | "/claim" | "/d/{file}" | "/p/{file}" | "/t/{file}"
  /** The clients, all of which get the same answer. */
  by: VisitorKind[]
  /** The body: a form, or none. */
  form?: true
  name: string
}

const anyone: VisitorKind[] = ["person", "script", "library", "unfurler", "prefetch"]
const notAhead = anyone.filter((kind) => kind !== "prefetch")
const people: VisitorKind[] = ["person", "library"]
const machines: VisitorKind[] = ["unfurler", "prefetch"]
const form = { form: true } as const

/** The columns of the rows below. */
export const WRITTEN: Ask[] = [
  { name: "the page", method: "GET", path: "", by: notAhead },
  { name: "`HEAD` of it", method: "HEAD", path: "", by: anyone },
  { name: "`state`", method: "GET", path: "/state", by: anyone },
  { name: "`POST claim`", method: "POST", path: "/claim", by: anyone },
  { name: "a form of it", method: "POST", path: "/claim", by: ["person"], ...form },
  { name: "`POST d`", method: "POST", path: "/d/{file}", by: [...people, ...machines], ...form },
  { name: "for JSON", method: "POST", path: "/d/{file}", by: ["script"] },
  { name: "`GET d`", method: "GET", path: "/d/{file}", by: people },
  { name: "for JSON", method: "GET", path: "/d/{file}", by: ["script"] },
  { name: "by a machine", method: "GET", path: "/d/{file}", by: machines },
  { name: "`HEAD d`", method: "HEAD", path: "/d/{file}", by: anyone },
  { name: "`GET p`", method: "GET", path: "/p/{file}", by: ["person"] },
  { name: "by a library", method: "GET", path: "/p/{file}", by: ["library"] },
  { name: "for JSON", method: "GET", path: "/p/{file}", by: ["script"] },
  { name: "by a machine", method: "GET", path: "/p/{file}", by: machines },
  { name: "`HEAD p`", method: "HEAD", path: "/p/{file}", by: anyone },
]

const PREVIEW_COLUMN = 12

/** All columns: a prefetched page is refused, and a thumbnail is answered like a preview. */
export const ASKS: Ask[] = [
  ...WRITTEN,
  { name: "the page, fetched ahead", method: "GET", path: "", by: ["prefetch"] },
  { name: "`GET t`", method: "GET", path: "/t/{file}", by: people },
  { name: "by a machine", method: "GET", path: "/t/{file}", by: machines },
]

function allOf(written: Answered[]): Answered[] {
  const [page = "404"] = written
  return [...written, page === "200" ? "403" : page, written[PREVIEW_COLUMN] ?? "404", "403"]
}

export type Situation = {
  what: string
  holds: (link: AskedLink) => boolean
  /** One answer for each of ASKS. */
  answers: Answered[]
}

const ANSWERED = /^(page|store|url|urls|ticket|200|4\d\d)$/
const isAnswered = (word: string): word is Answered => ANSWERED.test(word)

function row(what: string, holds: Situation["holds"], written: string): Situation {
  const answers = written.split(/\s+/).filter(isAnswered)
  if (answers.length !== WRITTEN.length) throw new Error(`${what}: an answer for each ask`)
  return { what, holds, answers: allOf(answers) }
}

/** The rows; the first one that matches a link determines its answers. */
export const SITUATIONS: Situation[] = [
  // page HEAD state claim  form POST  json  GET   json machine HEAD GET  library json machine HEAD
  row(
    "revoked",
    ({ status }) => status === "revoked",
    "410  410  200   410    page page  410   page  410  page    410  410  410     410  403    410",
  ),
  row(
    "expired",
    ({ status }) => status === "expired",
    "410  410  200   410    page page  410   page  410  page    410  410  410     410  403    410",
  ),
  row(
    "used up, without a ticket",
    ({ status, hasTicket }) => status === "used_up" && !hasTicket,
    "410  410  200   410    page page  410   page  410  page    410  410  410     410  403    410",
  ),
  row(
    "not open yet",
    ({ status }) => status === "scheduled",
    "200  200  200   403    page page  403   page  403  page    403  403  403     403  403    403",
  ),
  row(
    "locked, without a ticket",
    ({ password, hasTicket }) => password === "locked" && !hasTicket,
    "200  200  401   401    page page  401   page  401  page    401  401  401     401  403    401",
  ),
  row(
    "view only, with a limit, without a ticket",
    ({ reading, limited, hasTicket }) => reading === "view only" && limited && !hasTicket,
    "200  200  200   ticket page page  403   page  403  page    403  403  403     403  403    403",
  ),
  row(
    "view only",
    ({ reading }) => reading === "view only",
    "200  200  200   ticket page page  403   page  403  page    403  403  store   url  403    200",
  ),
  row(
    "without previews, with a ticket",
    ({ reading, hasTicket }) => reading === "no previews" && hasTicket,
    "200  200  200   urls   page store store store url  store   200  403  403     403  403    403",
  ),
  row(
    "without previews, a direct link",
    ({ reading, direct }) => reading === "no previews" && direct,
    "200  200  200   urls   page store store store url  page    200  403  403     403  403    403",
  ),
  row(
    "without previews",
    ({ reading }) => reading === "no previews",
    "200  200  200   urls   page store store page  403  page    200  403  403     403  403    403",
  ),
  row(
    "with a ticket",
    ({ hasTicket }) => hasTicket,
    "200  200  200   urls   page store store store url  store   200  store store   url  403    200",
  ),
  row(
    "with a limit, a direct link",
    ({ limited, direct }) => limited && direct,
    "200  200  200   urls   page store store store url  page    200  403  403     403  403    403",
  ),
  row(
    "with a limit",
    ({ limited }) => limited,
    "200  200  200   urls   page store store page  403  page    200  403  403     403  403    403",
  ),
  row(
    "a direct link",
    ({ direct }) => direct,
    "200  200  200   urls   page store store store url  page    200  store store   url  403    200",
  ),
  row(
    "open",
    () => true,
    "200  200  200   urls   page store store page  403  page    200  store store   url  403    200",
  ),
]

export const STATUSES = ["open", "scheduled", "expired", "revoked", "used_up"] as const
export const PASSWORDS = ["none", "locked", "unlocked"] as const
export const READINGS = ["all", "view only", "no previews"] as const
const BOTH = [false, true]

/** Every state of a link. */
export const LINKS: AskedLink[] = STATUSES.flatMap((status) =>
  PASSWORDS.flatMap((password) =>
    READINGS.flatMap((reading) =>
      BOTH.flatMap((limited) =>
        BOTH.flatMap((hasTicket) =>
          BOTH.map((direct) => ({ status, password, reading, limited, hasTicket, direct })),
        ),
      ),
    ),
  ),
).filter(({ status, limited }) => limited || status !== "used_up")

/** How each client's fetch of an open direct link is counted. */
export type Counted = "a view" | "a bot's view" | "a claim" | "a preview" | "nothing"
type CountedRow = { visitor: VisitorKind; method: "GET" | "HEAD" } & Record<
  "page" | "state" | "download" | "preview",
  Counted
>

const counted = (
  visitor: VisitorKind,
  method: "GET" | "HEAD",
  page: Counted,
  download: Counted,
  preview: Counted,
): CountedRow => ({ visitor, method, page, state: "nothing", download, preview })

export const COUNTED: CountedRow[] = [
  counted("person", "GET", "a view", "a claim", "a preview"),
  counted("script", "GET", "nothing", "a claim", "a preview"),
  counted("library", "GET", "a bot's view", "a claim", "a preview"),
  counted("unfurler", "GET", "a bot's view", "nothing", "nothing"),
  counted("prefetch", "GET", "a bot's view", "nothing", "nothing"),
  counted("person", "HEAD", "a bot's view", "nothing", "nothing"),
]
