import type { z } from "zod"
import type { Method, ParamsOf } from "./call.ts"
import type { At, CallAt } from "./calls/all-calls.ts"

/** The body of a call, as its schema accepts it. Times are ISO 8601 UTC. */
export type BodyOf<Name extends At> = z.input<NonNullable<CallAt<Name>["body"]>>
type QueryOf<Name extends At> = z.input<NonNullable<CallAt<Name>["query"]>>
export type AnswerOf<Name extends At> =
  CallAt<Name>["gives"] extends z.ZodType<infer Answer> ? Answer : never

type Query<Input> = { [Name in keyof Input]?: string | boolean | undefined }
type QueryPart<Input> = [Input] extends [undefined] ? unknown : { query?: Query<Input> }
type BodyPart<Input> = [Input] extends [undefined]
  ? unknown
  : object extends Input
    ? { body?: Input }
    : { body: Input }

/** The ids, query and body of a call. Empty values of the query are not sent. */
export type Given<Name extends At> = ParamsOf<Name> &
  QueryPart<QueryOf<Name>> &
  BodyPart<BodyOf<Name>>

/** A call as it is sent: its path below `/api/v1`, with ids and query. */
export type SentCall = { method: Method; path: string; body?: object | undefined }

/**
 * Makes the calls of the table with their types, as in `ask("PATCH /files/{id}", { id, body })`.
 * `send` returns the JSON of the answer.
 */
export const askBy =
  <Options>(send: (call: SentCall, options?: Options) => Promise<unknown>) =>
  async <Name extends At>(at: Name, given: Given<Name>, options?: Options) => {
    const [method, pattern] = at.split(" ") as [Method, string] // the form of every address
    const { query = {}, body = method === "POST" ? {} : undefined, ...ids } = given as Anything
    const filled = pattern.replace(/\{(\w+)\}/g, (_all, name: string) =>
      encodeURIComponent(ids[name] ?? ""),
    )
    const search = new URLSearchParams()
    for (const [name, value] of Object.entries(query))
      if (value !== undefined && value !== "") search.set(name, String(value))
    const path = search.size === 0 ? filled : `${filled}?${search}`
    // The declaration of the call gives both sides this type.
    return (await send({ method, path, body }, options)) as AnswerOf<Name>
  }

type Anything = { [id: string]: string } & { query?: Query<Record<string, unknown>>; body?: object }
