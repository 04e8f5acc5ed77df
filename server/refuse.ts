import type { IncomingMessage, ServerResponse } from "node:http"
import { Refusal } from "#lib/errors.ts"
import { escapeHtml } from "#lib/escape-html.ts"
import { endAnswer } from "./request-body.ts"

/** Answers a request before anything else of the app sees it; what is left of its body is dropped. */
export function answerEarly(
  request: IncomingMessage,
  response: ServerResponse,
  { status, type, body = "" }: { status: number; type?: string; body?: string },
) {
  response.statusCode = status
  response.setHeader("Cache-Control", "no-store")
  if (type) response.setHeader("Content-Type", type)
  if (status !== 204) response.setHeader("Content-Length", Buffer.byteLength(body))
  endAnswer(request, response, body)
}

/** Answers a refusal with its sentence: a page for a browser, else problem details (RFC 9457). */
export function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  { code, message, status }: Pick<Refusal, "code" | "message" | "status">,
) {
  if ((request.headers.accept ?? "").includes("text/html")) {
    const body = page(`<p>${escapeHtml(message)}</p>`)
    return answerEarly(request, response, { status, type: "text/html; charset=utf-8", body })
  }
  const body = JSON.stringify({ type: "about:blank", code, title: message, status })
  answerEarly(request, response, { status, type: "application/problem+json", body })
}

export const nothingHere = () => new Refusal("not_found", "There is nothing here.")

/** Answers a method that nothing at this address knows. */
export function refuseMethod(
  request: IncomingMessage,
  response: ServerResponse,
  methods: string[],
) {
  response.setHeader("Allow", methods.join(", "))
  answerEarly(request, response, { status: 405 })
}

/** A page without any part of the app. */
export const page = (body: string) =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>Lapse</title>${body}`
