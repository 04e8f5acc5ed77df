import "server-only"
import { isUnfurler } from "#lib/claims/bots.ts"
import { claim } from "#lib/claims/claim.ts"
import { describeFile } from "#lib/claims/describe-file.ts"
import { expiresAt, type Grant, presign } from "#lib/claims/grant.ts"
import { mint } from "#lib/claims/mint.ts"
import { refused } from "#lib/claims/refusals.ts"
import { dispositionOf } from "#lib/storage.ts"
import { type Answer, isPrefetch, type VisitorRequest, wantsJson } from "./exchange.ts"
import { answering } from "./refuse.ts"
import { ticketCookie } from "./ticket-cookie.ts"
import { sourceOf, visitOf } from "./visit-of.ts"

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i

/** /s/{token}/d/{fileId}: a POST claims, a GET mints for a ticket or claims on a direct link, a HEAD tells. */
export function answerDownload(request: VisitorRequest, fileId: string): Promise<Answer> {
  return answering(request, async () => {
    if (!UUID.test(fileId)) throw refused("missing")
    if (request.method === "HEAD") return tell(request, fileId)
    if (request.method === "POST") return post(request, fileId)
    return get(request, fileId)
  })
}

async function post(request: VisitorRequest, fileId: string): Promise<Answer> {
  const click = await clickOf(request, fileId)
  const grant = (await mint(click)) ?? (await claim({ ...click, directOnly: false }))
  return toStore(303, request, grant)
}

async function get(request: VisitorRequest, fileId: string): Promise<Answer> {
  const click = await clickOf(request, fileId)
  const grant = (await mint(click)) ?? (await claimDirect(request, click))
  return toStore(302, request, grant)
}

/** Not for those who fetch without a person behind, nor for the middle of a file: that belongs to a claim made before. */
async function claimDirect(request: VisitorRequest, click: Awaited<ReturnType<typeof clickOf>>) {
  const range = request.header("range")?.replace(/\s/g, "")
  const isMiddle = range !== undefined && !range.startsWith("bytes=0-")
  if (isMiddle || isPrefetch(request) || isUnfurler(request.header("user-agent") ?? "")) {
    throw refused("not_direct")
  }
  return claim({ ...click, directOnly: true })
}

async function clickOf(request: VisitorRequest, fileId: string) {
  const visit = visitOf(request)
  return { ...visit, fileIds: [fileId], source: await sourceOf(request, visit.publicId) }
}

async function toStore(status: 302 | 303, request: VisitorRequest, grant: Grant): Promise<Answer> {
  const [file] = grant.files
  if (!file) throw new Error("a grant of one file has one file")
  const url = await presign(grant, file)
  const headers: Answer["headers"] = [
    ["Cache-Control", "no-store"],
    ["Referrer-Policy", "no-referrer"],
    ...ticketCookie(request.token, grant),
  ]
  if (status === 302) headers.push(["Vary", "Accept"])
  if (status === 302 && wantsJson(request)) {
    const body = JSON.stringify({ url, expiresAt: expiresAt(grant).toISOString() })
    return { status: 200, headers: [["Content-Type", "application/json"], ...headers], body }
  }
  return { status, headers: [["Location", url], ...headers], body: null }
}

async function tell(request: VisitorRequest, fileId: string): Promise<Answer> {
  const { publicId, cookies } = visitOf(request)
  const file = await describeFile(publicId, fileId, cookies)
  const headers: Answer["headers"] = [
    ["Content-Length", String(file.size)],
    ["Content-Type", file.contentType],
    ["Content-Disposition", dispositionOf(file.name, "attachment")],
    ["Accept-Ranges", "bytes"],
    ["Cache-Control", "no-store"],
  ]
  return { status: 200, headers, body: null }
}
