import "server-only"
import { type NextRequest, NextResponse } from "next/server"
import { z } from "zod"
import type { Refusal } from "#lib/adapters/errors.ts"
import { parse, readJson } from "#lib/adapters/http/input.ts"
import { refusalOf } from "#lib/adapters/outages/refusal-of.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { withAddress } from "#lib/rooms/audit/origin.ts"
import { answerError } from "#lib/web/answer-error.ts"
import { plainPage } from "#lib/web/plain-page.ts"
import { clientAddress } from "#lib/web/read-client-address.ts"
import { languageOf } from "#lib/web/reader-language.ts"
import { wantsJson } from "#lib/web/wants-json.ts"
import { requireOwnOrigin } from "./own-origin.ts"
import { namedSentence } from "./refused-form.ts"
import { keepTyped } from "./typed-cookie.ts"

type FormPage = {
  /** The address of the form's page, to which a refusal redirects. */
  page: (form: URLSearchParams) => string
  /** Fields that the page fills in again after a refusal; never a password. */
  kept?: readonly string[]
  /**
   * Whether programs may send it too, without an origin or as JSON. Such a form needs a token of its
   * own against forms of other sites.
   */
  ofPrograms?: boolean
}

type Handler = (form: URLSearchParams, request: NextRequest) => Promise<Response>

/**
 * Answers a plain form, which works without JavaScript and needs no session. It must come from one
 * of the app's pages. A Refusal redirects to that page by 303, with the refusal in the address and
 * the typed values in a cookie; a caller that requests JSON gets problem details.
 */
export function formRoute({ page, kept = [], ofPrograms = false }: FormPage, handler: Handler) {
  return async (request: NextRequest): Promise<Response> => {
    let form: URLSearchParams | null = null
    try {
      if (!ofPrograms || isOfBrowser(request.headers)) requireOwnOrigin(request.headers)
      const read = await readForm(request.clone(), ofPrograms)
      form = read
      return await withAddress(clientAddress(request.headers), () => handler(read, request))
    } catch (error) {
      const refused = refusalOf(error)
      const asksJson = wantsJson(request) || isJson(request) || form?.get("json") === "true"
      if (refused && form && !asksJson) {
        const answer = redirectTo(refusedAt(page(form), refused))
        keepTyped(answer, page(form), fieldsOf(form, kept))
        return answer
      }
      const problem = answerError(refused ?? error, request)
      return asksJson ? problem : asPage(problem, request)
    }
  }
}

/** Redirects a browser to this path after an accepted form, or names it if JSON is requested. */
export const goOn = (request: NextRequest, path: string): NextResponse =>
  wantsJson(request)
    ? NextResponse.json({ url: path }, { headers: { "Cache-Control": "no-store" } })
    : redirectTo(path)

const redirectTo = (path: string) =>
  new NextResponse(null, { status: 303, headers: { Location: path, "Cache-Control": "no-store" } })

/** Browsers send one of these headers with each form. */
const isOfBrowser = (headers: Headers) => headers.has("origin") || headers.has("sec-fetch-site")

const isJson = ({ headers }: Request) =>
  /^application\/json\b/.test(headers.get("content-type") ?? "")

const Fields = z.record(z.string(), z.string())

async function readForm(request: Request, orJson: boolean): Promise<URLSearchParams> {
  if (orJson && isJson(request)) return new URLSearchParams(parse(Fields, await readJson(request)))
  const type = request.headers.get("content-type") ?? ""
  if (!/^application\/x-www-form-urlencoded(;|$)/i.test(type)) throw refusal("invalid", "not_valid")
  const text = await request.text().catch(() => {
    throw refusal("invalid", "cut_short")
  })
  return new URLSearchParams(text)
}

/** The address of a form's page with the refusal, which lib/web/forms/refused-form.ts reads. */
export function refusedAt(page: string, { code, field, sentence, retryAfterSeconds }: Refusal) {
  const query = new URLSearchParams({ error: namedSentence(sentence?.key) ?? code })
  if (field !== undefined) query.set("field", field)
  if (retryAfterSeconds !== undefined)
    query.set("until", new Date(Date.now() + retryAfterSeconds * 1000).toISOString())
  return `${page}${page.includes("?") ? "&" : "?"}${query}`
}

/** The text of fields; empty if one is missing. */
export const fieldsOf = (form: URLSearchParams, names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, form.get(name) ?? ""]))

/**
 * A secret that a form repeats from its page's address. A text that cannot be one is dropped, so
 * that it stays out of headers.
 */
export function secretOf(form: URLSearchParams, name: string): string {
  const secret = form.get(name) ?? ""
  return /^[\w-]{1,64}$/.test(secret) ? secret : "unknown"
}

/** Turns problem details into a page, for a browser that a form of another site sent here. */
async function asPage(problem: Response, request: NextRequest): Promise<Response> {
  const { title }: { title: string } = await problem.json()
  const { headers, body } = plainPage(title, { locale: languageOf(null, request.headers) })
  const retryAfter = problem.headers.get("retry-after")
  return new Response(body, {
    status: problem.status,
    headers: { ...headers, ...(retryAfter && { "Retry-After": retryAfter }) },
  })
}
