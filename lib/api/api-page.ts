import "server-only"
import { z } from "zod"
import { escapeHtml } from "#lib/adapters/text/plain-text.ts"
import { VERSION } from "#lib/adapters/version.ts"
import { htmlPage } from "#lib/web/plain-page.ts"
import { type Call, confirmsAlways, scopeOf } from "./call.ts"
import { CALLS } from "./calls/all-calls.ts"
import { shapeNames as names, SHAPES } from "./calls/shapes.ts"

type Json = z.core.JSONSchema.JSONSchema

const STYLE = `header,main{max-width:52rem}main{padding-bottom:4rem}.sections{columns:10rem}h2{margin:3rem 0 .75rem}h3{margin:2rem 0 .25rem;font-size:1.0625rem}code{font-size:.875em;overflow-wrap:anywhere}ul{margin:.25rem 0;padding-left:1.25rem}a{font-weight:400}`

let made: string | undefined

/** Renders the page that describes every call of `/api/v1` to people. It is made at first use. */
export function apiPage(): string {
  made ??= htmlPage({ title: "The API", main: main(), style: STYLE }).body
  return made
}

const main = () => `<h1>The API</h1>
<p>Lapse ${escapeHtml(VERSION)}. All calls are below <code>/api/v1</code> and speak JSON. Programs
call by an API token, which a member creates in <em>Your account</em>; pages by the session cookie.
<a href="/api/v1/openapi.json">openapi.json</a> describes the calls to programs (OpenAPI 3.1), and
<a href="/cli">the command</a> makes them from a terminal.</p>
<p>Ids are UUIDs, times ISO 8601 UTC, sizes bytes. <code>expiresIn</code> is an end in seconds from
the call, in place of <code>expiresAt</code>. A list is <code>{ items, nextCursor }</code>;
<code>nextCursor</code> is the <code>cursor</code> of the next page, and null on the last. A field
with <code>?</code> may be left out. HEAD is answered as GET, except where that redirects.</p>
<p>An error is <code>application/problem+json</code> (RFC 9457) with a <code>code</code>, and a
<code>field</code> where one input is wrong. An unknown address is 404, another method 405 with
<code>Allow</code>, a body with a field that the call does not have 400. By a token, a call outside
of its scopes is 403 with <code>scope</code>. By a session, a change has to come from the app's own
origin, and a call that needs a confirmation is 403 with <code>confirm_required</code> ten minutes
after the sign-in; <code>POST /me/confirm</code> confirms. A member makes two calls at a time that
take much of the database, two exports, and 24 calls that wait for the store. Four more wait for two
seconds, and others are 429 with <code>Retry-After</code>.</p>
<p>A call that creates something does so once in 24 hours for an <code>Idempotency-Key</code> of its
member, 1 to 255 visible ASCII characters. A repetition answers anew for what the first created. The
key with another body is 422 with <code>key_reused</code>. ${keyless()}</p>
<ul class="sections">${sections()
  .map(([name]) => `<li><a href="#${name}">${name}</a></li>`)
  .join("")}<li><a href="#shapes">Shapes</a></li></ul>
${sections()
  .map(([name, calls]) => `<h2 id="${name}">${name}</h2>${calls.map(paragraph).join("")}`)
  .join("")}
<h2 id="shapes">Shapes</h2>
${Object.entries(SHAPES)
  .map(([name, schema]) => `<h3>${name}</h3>${fieldsOf(name, schema)}`)
  .join("")}`

/** The calls that create something for which an Idempotency-Key does not count. */
function keyless() {
  const never = CALLS.flatMap(({ at, creates }) =>
    creates && "never" in creates ? [`${code(at)} (${escapeHtml(creates.never)})`] : [],
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

function paragraph(call: Call) {
  const { at, does, by, query, body, bodyOptional, gives } = call
  const facts = [
    ...(by === "anyone" ? ["without signing in"] : []),
    ...(by === "session" ? ["also before a required second factor is set up"] : []),
    ...(by === "admin" ? ["admins"] : []),
    ...(by === "auditor" ? ["admins and auditors"] : []),
    ...confirmation(call),
    ...scope(call),
    ...(query ? [`query ${code(textOf(query, "input"))}`] : []),
    ...(body ? [`body ${code(textOf(body, "input"))}${bodyOptional ? ", or none" : ""}`] : []),
    gives instanceof z.ZodType ? answerOf(call, gives) : `200 ${code(gives.type)}`,
  ]
  return `<h3>${code(at)}</h3>${withCode(does)}${list(facts)}`
}

function confirmation(call: Call) {
  const { confirm } = call
  if (confirmsAlways(call)) return ["needs a confirmation"]
  if (typeof confirm !== "object") return []
  if ("never" in confirm) return [`needs no confirmation: ${withCode(confirm.never)}`]
  if ("byVerb" in confirm) return [`may need a confirmation: ${withCode(confirm.byVerb)}`]
  return [`needs a confirmation, except where it ${withCode(confirm.unless)}`]
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

const code = (text: string) => `<code>${escapeHtml(text)}</code>`
const list = (items: string[]) => `<ul>${items.map((item) => `<li>${item}</li>`).join("")}</ul>`

/** A sentence in which code stands between backticks. */
const withCode = (text: string) => escapeHtml(text).replaceAll(/`([^`]*)`/g, "<code>$1</code>")

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
  return list(fields(json).map(code))
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
