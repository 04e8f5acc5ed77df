import "server-only"
import type { Refusal } from "#lib/errors.ts"
import { log } from "#lib/log.ts"
import { refusalOf } from "#lib/refusal-of.ts"
import { toPage } from "./back-cookie.ts"
import type { DrawFor } from "./draw.ts"
import {
  type Answer,
  isForm,
  type LinkRequest,
  type VisitorRequest,
  wantsJson,
} from "./exchange.ts"

/**
 * The link's page explains a refusal. These codes get a page of their own: the link's page would
 * not open, or would not show what happened.
 */
const NOT_ON_PAGE = new Set([
  "not_found",
  "too_many",
  "too_large",
  "unavailable",
  "invalid",
  "storage_full",
])

/**
 * Answers a Refusal or an outage with its sentence. A bug is logged and gets a neutral sentence.
 */
export async function answerRefusals(
  request: LinkRequest,
  draw: DrawFor,
  respond: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await respond()
  } catch (error) {
    return answerFor(error, request, draw)
  }
}

function answerFor(error: unknown, request: LinkRequest, draw: DrawFor): Answer {
  const refusal = refusalOf(error)
  if (!refusal) log.error({ error, method: request.method }, "a visitor's request failed")
  const retryAfter = refusal?.retryAfterSeconds
  const headers: Answer["headers"] = retryAfter ? [["Retry-After", String(retryAfter)]] : []
  const status = refusal?.status ?? 500
  const answersJson =
    wantsJson(request) || (isClaim(request) && !isForm(request)) || isState(request)
  if (answersJson && request.method !== "HEAD") return problem(refusal, headers)
  const isShownThere = refusal && !NOT_ON_PAGE.has(refusal.code) && !isPreview(request)
  if (isShownThere && request.method !== "HEAD") return toPage(request.token)
  if (refusal?.code === "not_found" && !/\/[dp]\//.test(request.path)) {
    return withHeaders(unknownAddress(request, draw), headers)
  }
  const back = refusal?.code === "not_found" ? undefined : `/s/${request.token}`
  const message = { ...inSentences(refusal?.message ?? FAILED), back }
  return withHeaders(draw(request).message(status, message), headers)
}

/** The first sentence as a heading, and the others. */
export function inSentences(message: string) {
  const [title = "", ...rest] = message.split(/(?<=\.) /)
  return { title, text: rest.join(" ") }
}

const FAILED = "Something went wrong on our side."

const isState = ({ path }: LinkRequest) => path.endsWith("/state")
const isClaim = ({ path }: LinkRequest) => path.endsWith("/claim")
/** A picture or a frame would show the link's page in place of the file. */
const isPreview = ({ path }: LinkRequest) => path.includes("/p/")

const withHeaders = (answer: Answer, headers: Answer["headers"]): Answer => ({
  ...answer,
  headers: [...answer.headers, ...headers],
})

/** There is no such link, or nothing at this address of it. Sets no cookie. */
export function unknownAddress(request: VisitorRequest, draw: DrawFor): Answer {
  if (wantsJson(request)) return problem(null, [], 404)
  return draw(request).link(404, "", { state: "unknown" })
}

// RFC 9457
function problem(refusal: Refusal | null, headers: Answer["headers"], status?: number): Answer {
  const unknown = status === 404
  const body = JSON.stringify({
    type: "about:blank",
    code: refusal?.code ?? (unknown ? "not_found" : "internal"),
    title:
      refusal?.message ??
      (unknown ? "There is nothing here." : `${FAILED} It was written to the log.`),
    status: refusal?.status ?? status ?? 500,
  })
  const type: [string, string] = ["Content-Type", "application/problem+json"]
  return {
    status: refusal?.status ?? status ?? 500,
    headers: [type, ["Cache-Control", "no-store"], ...headers],
    body,
  }
}
