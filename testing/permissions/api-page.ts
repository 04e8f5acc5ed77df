import { z } from "zod"
import { type Call, confirmsAlways, scopeOf } from "#lib/web/api/call.ts"
import { CALLS } from "#lib/web/api/calls/all-calls.ts"
import { shapeNames as names, SHAPES } from "#lib/web/api/calls/shapes.ts"

type Json = z.core.JSONSchema.JSONSchema

/**
 * Renders docs/api.md from the declarations of the calls, and an example of each, which a test made.
 */
export const apiPage = (examples: ReadonlyMap<string, string>) => `# The API

Written from the declarations in \`lib/web/api/calls/\`, which the server answers by, and from calls
that a test makes. \`vitest run app/api/permissions -u\` rewrites the page.

Below \`/api/v1\`, JSON, by an API token ([tokens.md](tokens.md)) or the session cookie of a member.
\`GET /openapi.json\` describes all calls to programs (OpenAPI 3.1), and needs neither. Ids are UUIDs,
times ISO 8601 UTC, sizes bytes; \`expiresIn\` is an end in seconds from the call, by the database's
clock, in place of \`expiresAt\`. A list is \`{ items, nextCursor }\`; \`nextCursor\` is the \`cursor\` of
the next page, and null on the last. A field with \`?\` may be left out. Who may make a call, and what
it answers to others, is in [permissions.md](permissions.md); what a share can do is in
[shares.md](shares.md).

An error is RFC 9457 \`application/problem+json\` with a \`code\`, and a \`field\` where one input is wrong.
An unknown address is 404, another method 405 with \`Allow\`, a body with a field that the call does not
have 400. By a session, a change has to come from the app's own origin, and a call that needs a
confirmation is 403 with \`confirm_required\` ten minutes after the sign-in; \`POST /me/confirm\`
confirms. By a token, a call outside of its scopes is 403 with \`scope\`. A member makes two calls at a
time that take much of the database, two exports, and 24 calls that wait for the store: four more wait
for two seconds, and others are 429 with \`Retry-After\`. HEAD is answered as GET, except
where that redirects.

A call that creates something does so once in 24 hours for an \`Idempotency-Key\` of its member, 1 to
255 visible ASCII characters: a repetition answers anew for what the first created, as it is now. The
key with another body is 422 with \`key_reused\`. ${keyless()}

In the examples lists have at most two entries and long texts end with "…". A request is shown without
its headers.

${sections()
  .map(([name, calls]) =>
    [`## ${name}`, ...calls.map((call) => paragraph(call, examples.get(call.at)))].join("\n\n"),
  )
  .join("\n\n")}

## Shapes

${Object.entries(SHAPES)
  .map(([name, schema]) => `### ${name}\n\n${fieldsOf(name, schema)}`)
  .join("\n\n")}
`

/** The calls that create something for which an Idempotency-Key does not count. */
function keyless() {
  const never = CALLS.flatMap(({ at, creates }) =>
    creates && "never" in creates ? [`\`${at}\` (${creates.never})`] : [],
  )
  return `It does not count for ${never.join(", ")}.`
}

/** The calls by the first parts of their addresses. */
function sections(): [name: string, calls: Call[]][] {
  const byName = Map.groupBy(CALLS, ({ at }) => {
    const [first = "", second = ""] = at.slice(at.indexOf("/") + 1).split("/")
    return first === "admin" ? `/admin/${second.replace(/\..*/, "")}` : `/${first}`
  })
  return [...byName]
}

function paragraph(call: Call, example = "") {
  const { at, does, by, query, body, bodyOptional, gives } = call
  const facts = [
    ...(by === "anyone" ? ["without signing in"] : []),
    ...(by === "session" ? ["also before a required second factor is set up"] : []),
    ...(by === "admin" ? ["admins"] : []),
    ...confirmation(call),
    ...scope(call),
    ...(query ? [`query ${code(textOf(query, "input"))}`] : []),
    ...(body ? [`body ${code(textOf(body, "input"))}${bodyOptional ? ", or none" : ""}`] : []),
    gives instanceof z.ZodType ? answerOf(call, gives) : `200 ${code(gives.type)}`,
  ]
  const list = facts.map((fact) => `- ${fact}`).join("\n")
  return `### \`${at}\`\n\n${does}\n\n${list}\n\n\`\`\`http\n${example}\n\`\`\``
}

function confirmation(call: Call) {
  const { confirm } = call
  if (confirmsAlways(call)) return ["needs a confirmation"]
  if (typeof confirm !== "object") return []
  if ("never" in confirm) return [`needs no confirmation: ${confirm.never}`]
  if ("byVerb" in confirm) return [`may need a confirmation: ${confirm.byVerb}`]
  return [`needs a confirmation, except where it ${confirm.unless}`]
}

function scope(call: Call) {
  const name = scopeOf(call)
  if (name === null) return []
  return [name === "any" ? "any token" : `token with ${code(name)}`]
}

function answerOf({ status, creates, redirects }: Call, gives: z.ZodType) {
  if (gives instanceof z.ZodVoid) return "204"
  if (redirects) return `302, or 200 ${code(textOf(gives, "output"))} to those who ask for JSON`
  const usual = creates ? 201 : (status ?? 200)
  const statuses = typeof usual === "function" ? "200 or 202" : usual
  return `${statuses} ${code(textOf(gives, "output"))}`
}

const code = (text: string) => `\`${text}\``

const jsonOf = (schema: z.ZodType, io: "input" | "output") =>
  z.toJSONSchema(schema, { io, metadata: names, unrepresentable: "any" })

function textOf(schema: z.ZodType, io: "input" | "output") {
  const id = names.get(schema)?.id
  return id ?? typeOf(jsonOf(schema, io))
}

/** The fields of a named shape, a line each. */
function fieldsOf(name: string, schema: z.ZodType) {
  const json = jsonOf(schema, "output").$defs?.[name] ?? {}
  if (!json.properties) return code(typeOf(json))
  return fields(json)
    .map((field) => `- ${code(field)}`)
    .join("\n")
}

const fields = ({ properties = {}, required = [] }: Json) =>
  Object.entries(properties).map(
    ([name, type]) => `${name}${required.includes(name) ? "" : "?"}: ${typeOf(type)}`,
  )

const FORMATS: Record<string, string> = { uuid: "id", "date-time": "time", uri: "URL" }

function typeOf(json: Json | boolean | undefined): string {
  if (json === undefined || typeof json === "boolean") return "any"
  if (json.$ref) return json.$ref.replace(/^.*\//, "")
  if (json.const !== undefined) return JSON.stringify(json.const)
  if (json.enum) return json.enum.map((one) => JSON.stringify(one)).join(" | ")
  const either = json.anyOf ?? json.oneOf
  if (either) return either.map(typeOf).join(" | ")
  if (json.type === "array") return arrayOf(typeOf(single(json.items)))
  if (json.properties) return objectOf(json)
  if (json.type === "object") return `{ [name]: ${typeOf(json.additionalProperties)} }`
  if (json.type === "string") return FORMATS[json.format ?? ""] ?? "text"
  if (json.type === "integer" || json.type === "number") return "number"
  if (Array.isArray(json.type))
    return json.type.map((type) => typeOf({ ...json, type })).join(" | ")
  return typeof json.type === "string" ? json.type : "any"
}

/** The fields of named shapes that others repeat. */
const LARGE = Object.entries(SHAPES).flatMap(([name, schema]): [string, string[]][] => {
  const names = schema instanceof z.ZodObject ? Object.keys(schema.shape) : []
  return names.length > 7 ? [[name, names]] : []
})

/** An object with all fields of a large named shape is that shape and its other fields. */
function objectOf(json: Json): string {
  const { properties = {} } = json
  const [name = "", shape] =
    LARGE.find(([, names]) => names.every((one) => one in properties)) ?? []
  if (!shape) return `{ ${fields(json).join(", ")} }`
  const others = Object.entries(properties).filter(([field]) => !shape.includes(field))
  return `${name} & ${objectOf({ ...json, properties: Object.fromEntries(others) })}`
}

const single = (items: Json["items"]) => (Array.isArray(items) ? items[0] : items)
const arrayOf = (item: string) => (item.includes(" | ") ? `(${item})[]` : `${item}[]`)
