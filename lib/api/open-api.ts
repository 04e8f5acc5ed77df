import "server-only"
import { z } from "zod"
import { REFUSALS } from "#lib/adapters/errors.ts"
import { jsonTypes, laterSchemas } from "#lib/adapters/http/json-types.ts"
import { Problem } from "#lib/adapters/http/problem.ts"
import { VERSION } from "#lib/adapters/version.ts"
import { COOKIES } from "#lib/rooms/claims/visitor/visitor-cookies.ts"
import { type Call, type GuestCall, isGuests, isRead, scopeOf } from "./call.ts"
import { CALLS } from "./calls/all-calls.ts"
import { GUEST_CALLS } from "./calls/guests.ts"
import { shapeNames } from "./calls/shapes.ts"

type Json = Record<string, unknown>

/** The shapes that several calls answer, which others refer to. */
type Shapes = Record<string, unknown>

let made: string | undefined

/** The description of every call, as OpenAPI 3.1 in JSON. It is made at first use. */
export function openApiText(): string {
  made ??= JSON.stringify(openApi([...CALLS, ...GUEST_CALLS]))
  return made
}

/** Describes calls as OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.1). */
export function openApi(calls: readonly (Call | GuestCall)[]) {
  const shapes: Shapes = {}
  const problem = schemaOf(Problem, "output", shapes)
  const paths: Record<string, Json> = {}
  for (const call of calls) {
    const [method = "", path = ""] = call.at.split(" ")
    const servers = isGuests(call) && { servers: [{ url: "/" }] }
    paths[path] = { ...paths[path], ...servers, [method.toLowerCase()]: operation(call, shapes) }
  }
  return {
    openapi: "3.1.1",
    info: {
      title: "Lapse",
      version: VERSION,
      description: `The calls of members, programs and guests of a request. Sizes are bytes, times ISO 8601 UTC; expiresIn is an end in seconds from the call, in place of expiresAt. A list is { items, nextCursor }; nextCursor is the cursor of the next page, and null on the last. Answers may get more fields. An error is a problem (RFC 9457) with one of these codes: ${CODES}.`,
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/api/v1" }],
    paths,
    components: {
      schemas: shapes,
      responses: {
        Problem: {
          description: "A refusal, by its code.",
          content: { "application/problem+json": { schema: problem } },
        },
      },
      securitySchemes: {
        token: { type: "http", scheme: "bearer", description: "An API token (lapse_…)." },
      },
    },
  }
}

const CODES = [...Object.entries(REFUSALS), ["internal", 500]]
  .map(([code, status]) => `${code} (${status})`)
  .join(", ")

function operation(call: Call | GuestCall, shapes: Shapes): Json {
  const { at, by, does, query, body, bodyOptional } = call
  const isMembers = by !== "anyone" && !isGuests(call)
  const scope = isMembers ? scopeOf(call) : null
  return {
    operationId: nameOf(at),
    tags: [tagOf(at)],
    summary: does,
    ...(isMembers && scope === null && { description: "Only by a member's session." }),
    security: scope ? [{ token: scope === "any" ? [] : [scope] }] : [],
    parameters: [
      ...[...at.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
        ...{ name, in: "path", required: true },
        schema: {
          type: "string",
          ...(name !== "token" && name !== "linkId" && { format: "uuid" }),
        },
      })),
      ...(query ? queryParameters(query, shapes) : []),
      ...headerParameters(call),
      ...(isGuests(call) ? [{ ...TICKET, required: by === "guest" }] : []),
    ],
    ...(body && {
      requestBody: {
        required: !bodyOptional,
        content: { "application/json": { schema: schemaOf(body, "input", shapes) } },
      },
    }),
    responses: { ...answers(call, shapes), default: { $ref: "#/components/responses/Problem" } },
  }
}

/** "POST /shares/{id}/new-link" becomes postSharesByIdNewLink. */
function nameOf(at: string) {
  const [method = "", ...parts] = at.split(/[^\w{]+/)
  const words = parts.map((part) =>
    part.startsWith("{") ? `By${large(part.slice(1))}` : large(part),
  )
  return method.toLowerCase() + words.join("")
}

const large = (word: string) => word.slice(0, 1).toUpperCase() + word.slice(1)

function tagOf(at: string) {
  const [, first = "", second = ""] = at.split(/ ?\//)
  if (first === "r") return "guests"
  return first === "admin" ? `admin/${second.replace(/\..*/, "")}` : first
}

function queryParameters(query: z.ZodType, shapes: Shapes) {
  const { properties = {}, required = [] } = schemaOf(query, "input", shapes) as {
    properties?: Json
    required?: string[]
  }
  return Object.entries(properties).map(([name, schema]) => ({
    ...{ name, in: "query", required: required.includes(name) },
    schema,
  }))
}

function headerParameters({ creates, etag }: Call | GuestCall) {
  const text = { type: "string" }
  const names = [
    ...(creates && !("never" in creates) ? ["Idempotency-Key"] : []),
    ...(etag ? ["If-None-Match"] : []),
  ]
  return names.map((name) => ({ name, in: "header", required: false, schema: text }))
}

/** The cookie of a guest's delivery, which the start of an upload sets. */
const TICKET = { name: COOKIES.delivery, in: "cookie", schema: { type: "string" } }

function answers(call: Call | GuestCall, shapes: Shapes): Json {
  const { gives, creates, etag, redirects, status = creates ? 201 : 200 } = call
  if (!(gives instanceof z.ZodType)) {
    const file = { [gives.type]: { schema: { type: "string" } } }
    return { 200: { description: "A file, sent as it is made.", content: file } }
  }
  if (gives instanceof z.ZodVoid) return { 204: { description: "Done." } }
  const answer = {
    description: isRead(call) ? "As asked." : "Done.",
    content: { "application/json": { schema: schemaOf(gives, "output", shapes) } },
  }
  const statuses = typeof status === "function" ? [200, 202] : [status]
  return {
    ...Object.fromEntries(statuses.map((each) => [each, answer])),
    ...(redirects && { 302: { description: "To the url, unless the client asks for JSON." } }),
    ...(etag && { 304: { description: "If-None-Match matches." } }),
  }
}

/** The JSON Schema of an input or an answer. Adds the shapes to which it refers. */
function schemaOf(schema: z.ZodType, io: "input" | "output", shapes: Shapes): Json {
  const json = z.toJSONSchema(schema, {
    io,
    metadata: shapeNames,
    unrepresentable: ({ zodSchema }) => jsonTypes.get(zodSchema) ?? "throw",
    override: ({ zodSchema, jsonSchema }) => {
      // JSON Schema has no flags of patterns, such as /i, and knows the formats.
      delete jsonSchema.pattern
      // A client has to accept fields of later versions. Those of a map have a schema.
      if (io === "output" && jsonSchema.additionalProperties === false)
        delete jsonSchema.additionalProperties
      const later = laterSchemas.get(zodSchema)
      if (later) Object.assign(jsonSchema, schemaOf(later, io, shapes))
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
    },
  })
  const {
    $schema: _,
    $defs,
    id,
    ...rest
  } = JSON.parse(JSON.stringify(json).replaceAll('"#/$defs/', '"#/components/schemas/'))
  Object.assign(shapes, $defs)
  if (id === undefined) return rest
  shapes[id] = rest
  return { $ref: `#/components/schemas/${id}` }
}
