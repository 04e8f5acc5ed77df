"use client"

import type { z } from "zod"
import type { ParamsOf } from "#lib/web/api/call.ts"
import type { At, CallAt } from "#lib/web/api/calls/all-calls.ts"
import { callApi, type Options } from "./api-call.ts"

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

type Given<Name extends At> = ParamsOf<Name> & QueryPart<QueryOf<Name>> & BodyPart<BodyOf<Name>>

/**
 * Makes a call of `/api/v1` for members' and admins' pages: `ask("PATCH /files/{id}", { id, body })`.
 * The caller refreshes the page. Throws ApiError.
 */
export function ask<Name extends At>(
  at: Name,
  given: Given<Name>,
  options: Options = {},
): Promise<AnswerOf<Name>> {
  const [method, path] = at.split(" ") as [Method, string] // the form of every address
  const { query, body, ...ids } = given as Anything
  const filled = path.replace(/\{(\w+)\}/g, (_all, name: string) =>
    encodeURIComponent(ids[name] ?? ""),
  )
  return callApi(method, filled, body ?? (method === "POST" ? {} : undefined), {
    ...options,
    ...(query && { query }),
  })
}

type Method = Parameters<typeof callApi>[0]
type Anything = { [id: string]: string } & { query?: Options["query"]; body?: object }
