import type { z } from "zod"
import type { CookieReply, CookieRequest } from "#lib/adapters/http/cookies.ts"
import type { Locale } from "#lib/adapters/text/languages.ts"
import type { SessionAdmin, SessionAuditor, SessionMember } from "#lib/rooms/accounts/member.ts"
import type { Scope } from "#lib/rooms/accounts/tokens/token.ts"
import type { Proofs, RequestGuest } from "#lib/rooms/requests/guest/guest.ts"

export type Method = "GET" | "POST" | "PATCH" | "DELETE"
type Address = `${Method} /${string}`

type NameIn<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NameIn<Rest>
  : never
/** The ids in an address: `{ id: string }` for "GET /files/{id}". */
export type ParamsOf<At extends string> = { [Name in NameIn<At>]: string }

/** Who may make a call: anyone; a member, also without a second factor that is required; or others. */
type Members = {
  anyone: null
  session: SessionMember
  member: SessionMember
  /** An auditor or an admin, for what auditors may read. */
  auditor: SessionAuditor
  admin: SessionAdmin
}
/** Who may make a call below `/r/{token}`: who has the address, or the sender of a delivery. */
type Guests = {
  visitor: { publicId: Uint8Array; proofs: Proofs; address: string; keepTicket: KeepTicket }
  /** Judged before the input. */
  guest: RequestGuest
}
type People = Members & Guests

/** Gives the client the ticket of a delivery, with the answer. */
type KeepTicket = (guest: RequestGuest) => void

/**
 * Whether a call needs a recent sign-in or confirmation: always; never, and why; depending on the
 * input, and why not otherwise; or as its verb decides. By default only an admin's writes need one.
 */
type Confirm<Body> =
  | "always"
  | { never: string }
  | { when(body: Body): boolean; unless: string }
  | { byVerb: string }

/** The scope that a token needs; "any" for each token, and null if no token may make the call. */
type CallScope = Scope | "any" | null

/** The first parts of addresses from which the scope of a call follows. */
const AREAS = ["files", "shares", "requests", "admin"] as const
type Area = (typeof AREAS)[number]
type ByAddress = `${Method} /${Area}` | `${Method} /${Area | "r"}/${string}`

/** A call whose address does not give its scope has to declare one; others may. */
type Scoped<At extends string> = At extends ByAddress ? { scope?: CallScope } : { scope: CallScope }

/** A file as an answer: its text, or how to begin a stream, which reports its end. */
export type Download = { name: string; body: string | ((ended: () => void) => ReadableStream) }
type DownloadType = { type: string }
/** Declares that the answer is a file of this media type. */
export const download = (type: string): DownloadType => ({ type })

type AnswerOf<Gives> = Gives extends z.ZodType ? z.input<Gives> : Download
/** Declared as a method, so that the type of each call is assignable to `Call`. */
type StatusOf<Gives> = { of(answer: AnswerOf<Gives>): number }["of"]

type Asked<By extends keyof People, Params, Query, Body> = {
  member: People[By]
  params: Params
  query: Query
  body: Body
  /** The language of the reader. */
  locale: Locale
} & (By extends keyof Guests ? unknown : Exchange)

type Exchange = {
  /** The ids of what the call creates. */
  ids: string[]
  request: CookieRequest
  /** Collects the cookies and headers that the answer sets. */
  reply: CookieReply
}

/**
 * What a call with an Idempotency-Key creates has the ids that `asked` names, by default one. Twice
 * the same key creates it once: `again` answers for what has these ids already, and refuses
 * `not_found` if nothing has. Or why the key does not count.
 */
type Creates<Given extends { body: unknown }, Gives> =
  | { never: string }
  | {
      count?: { of(body: Given["body"]): number }["of"]
      again: { of(asked: Given): Promise<AnswerOf<Gives>> }["of"]
    }

type Declaration<
  At extends string,
  By extends keyof People,
  Gives extends z.ZodType | DownloadType,
  Query extends z.ZodType,
  Body extends z.ZodType,
> = {
  /** A sentence for the documents: "Lists the caller's shares." */
  does: string
  by: By
  confirm?: Confirm<z.output<Body>>
  /**
   * The cost of a call beyond a few statements: it waits for the store, needs much of the database
   * or the processor, or streams that for long. A member has few calls of each cost at a time. A
   * read that names none waits in the queue of lists.
   */
  cost?: "store" | "dear" | "export"
  /** Why a read does not wait there: how it reads at most 500 rows by an index. A test counts them. */
  cheap?: string
  query?: Query
  /** Refuses unknown fields; a test checks each. */
  body?: Body
  /** A missing body is an empty object. */
  bodyOptional?: true
  /** The answer; `z.void()` for none (204). */
  gives: Gives
  status?: 202 | StatusOf<Gives>
  /** Whether the call creates something (201), and how a repetition of it is answered. */
  creates?: Creates<Asked<By, ParamsOf<At>, z.output<Query>, z.output<Body>>, Gives>
  /** Whether to send an ETag, and 304 if it matches If-None-Match. */
  etag?: true
  /**
   * Whether it redirects to the `url` of its answer, unless the client asks for JSON. HEAD is
   * refused, because it would hand the URL out.
   */
  redirects?: true
  /** Refuses HEAD. */
  noHead?: true
  /** Whether it is a guest's page, unless the client asks for JSON. */
  isPage?: true
  /** The size of a guest's body, if it may exceed 16 KiB. */
  maxBytes?: number
  run(asked: Asked<By, ParamsOf<At>, z.output<Query>, z.output<Body>>): Promise<AnswerOf<Gives>>
}

/** Declares a call of `/api/v1`, or of a guest. All its rules follow from it (docs/decisions/061). */
export function call<
  const At extends Address,
  By extends keyof People,
  Gives extends z.ZodType | DownloadType,
  Query extends z.ZodType = z.ZodUndefined,
  Body extends z.ZodType = z.ZodUndefined,
>(at: At, declared: Declaration<At, By, Gives, Query, Body> & Scoped<At>) {
  return { at, ...declared }
}

type CallBy<By extends keyof People> = { at: Address; scope?: CallScope } & Declaration<
  string,
  By,
  z.ZodType | DownloadType,
  z.ZodType,
  z.ZodType
>

/** Any call of `/api/v1`, as the server sees it. */
export type Call = CallBy<keyof Members>
export type GuestCall = CallBy<keyof Guests>

export const isGuests = ({ by }: Pick<Call | GuestCall, "by">) => by === "visitor" || by === "guest"

/** The scope of a call: as declared, or that of its area, to read for GET and to write for others. */
export function scopeOf(call: Pick<Call, "at" | "scope">): CallScope {
  if (call.scope !== undefined) return call.scope
  const area = AREAS.find((name) => call.at.split(/[ /]+/)[1] === name)
  if (!area) throw new Error(`${call.at} has no scope.`)
  return `${area}:${isRead(call) ? "read" : "write"}`
}

/** Whether a call waits in the queue of lists, which is the default of reads. */
export const isList = (call: Pick<Call, "at" | "cost" | "cheap">) =>
  isRead(call) && call.cost === undefined && call.cheap === undefined

export const isRead = ({ at }: Pick<Call, "at">) => at.startsWith("GET ")

/** Whether a call needs a confirmation whatever its input is. */
export const confirmsAlways = ({ at, by, confirm }: Pick<Call, "at" | "by" | "confirm">) =>
  confirm === "always" || (confirm === undefined && by === "admin" && !isRead({ at }))
