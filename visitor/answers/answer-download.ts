import "server-only"
import { dispositionOf } from "#lib/adapters/storage.ts"
import { isUuid } from "#lib/adapters/text/uuid.ts"
import { refused } from "#lib/rooms/claims/access/refusals.ts"
import { claim } from "#lib/rooms/claims/claim/claim.ts"
import { expiresAt, type Grant, presign, type SignedUrl } from "#lib/rooms/claims/grant.ts"
import { describeFile } from "#lib/rooms/claims/look/describe-file.ts"
import { mint } from "#lib/rooms/claims/mint/mint.ts"
import { COOKIES, signTicket } from "#lib/rooms/claims/visitor/visitor-cookies.ts"
import { sourceOf, visitOf } from "#visitor/cookies/visit-cookies.ts"
import type { DrawFor } from "#visitor/draw.ts"
import { type Answer, type LinkRequest, setCookie, wantsJson } from "#visitor/exchange.ts"
import { claimDirect } from "./redirects/direct-link.ts"

/**
 * /s/{token}/d/{fileId}: a POST claims, a GET mints with a ticket or claims on a direct link, a
 * HEAD describes the file.
 */
export async function answerDownload(
  request: LinkRequest,
  _draw: DrawFor,
  fileId: string,
): Promise<Answer> {
  visitOf(request)
  if (!isUuid(fileId)) throw refused("missing")
  if (request.method === "HEAD") return describeHead(request, fileId)
  if (request.method === "POST") return post(request, fileId)
  return get(request, fileId)
}

async function post(request: LinkRequest, fileId: string): Promise<Answer> {
  const click = await clickOf(request, fileId)
  const grant = (await mint(click)) ?? (await claim({ ...click, directOnly: false }))
  return toFile(303, request, grant)
}

async function get(request: LinkRequest, fileId: string): Promise<Answer> {
  const click = await clickOf(request, fileId)
  const grant = (await mint(click)) ?? (await claimDirect(request, click))
  return toFile(302, request, grant)
}

async function clickOf(request: LinkRequest, fileId: string) {
  const visit = visitOf(request)
  return { ...visit, fileIds: [fileId], source: await sourceOf(request, visit.publicId) }
}

async function toFile(status: 302 | 303, request: LinkRequest, grant: Grant): Promise<Answer> {
  const [file] = grant.files
  if (!file) throw new Error("a grant of one file has one file")
  const signed = { url: await presign(grant, file), expiresAt: expiresAt(grant) }
  return toStore(status, request, signed, ticketCookie(request, grant))
}

/** The headers of a redirect to the store. */
export const TO_STORE: Answer["headers"] = [
  ["Cache-Control", "no-store"],
  ["Referrer-Policy", "no-referrer"],
]

/** Redirects to a URL of the store; a script that sends a GET can ask for the URL as JSON. */
export function toStore(
  status: 302 | 303,
  request: LinkRequest,
  { url, expiresAt }: SignedUrl,
  cookies: Answer["headers"] = [],
): Answer {
  const headers: Answer["headers"] = [...TO_STORE, ...cookies]
  if (status === 302) headers.push(["Vary", "Accept"])
  if (status === 302 && wantsJson(request)) {
    const body = JSON.stringify({ url, expiresAt })
    return { status: 200, headers: [["Content-Type", "application/json"], ...headers], body }
  }
  return { status, headers: [["Location", url], ...headers], body: null }
}

async function describeHead(request: LinkRequest, fileId: string): Promise<Answer> {
  const { publicId, cookies } = visitOf(request)
  const file = await describeFile(publicId, fileId, cookies)
  return { status: 200, headers: fileHeaders(file, "attachment"), body: null }
}

type Described = { name: string; contentType: string; size: number }

/** The headers of a HEAD for a file, which match the store's. */
export const fileHeaders = (
  { name, contentType, size }: Described,
  disposition: "attachment" | "inline",
): Answer["headers"] => [
  ["Content-Length", String(size)],
  ["Content-Type", contentType],
  ["Content-Disposition", dispositionOf(name, disposition)],
  ["Accept-Ranges", "bytes"],
  ["Cache-Control", "no-store"],
]

/** The cookie with a grant's ticket, if there is one. */
export function ticketCookie(
  request: Pick<LinkRequest, "link">,
  { ticket, signedAt }: Grant,
): [string, string][] {
  if (!ticket) return []
  const seconds = (ticket.expiresAt.getTime() - signedAt.getTime()) / 1000
  return [setCookie(request, COOKIES.ticket, signTicket(ticket), seconds)]
}
