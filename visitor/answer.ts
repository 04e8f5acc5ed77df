import "server-only"
import { readLinkToken } from "#lib/adapters/secrets.ts"
import { GUEST_CALLS } from "#lib/api/calls/guests.ts"
import { findAmong } from "#lib/api/find-call.ts"
import { offerPageRenderer } from "#lib/rooms/claims/open/page-renderer.ts"
import { offerOwnScripts } from "#lib/rooms/files/reads/own-scripts.ts"
import { Slug } from "#lib/rooms/requests/request.ts"
import { findSlug } from "#lib/rooms/requests/request-slug.ts"
import { answerAsk } from "./answers/answer-ask.ts"
import { answerClaim } from "./answers/answer-claim.ts"
import { answerDownload } from "./answers/answer-download.ts"
import { answerPage } from "./answers/answer-page.ts"
import { answerPreview } from "./answers/answer-preview.ts"
import { answerRefusals, unknownAddress, wrongMethod } from "./answers/answer-refusal.ts"
import { answerState } from "./answers/answer-state.ts"
import { answerUnlock } from "./answers/answer-unlock.ts"
import { answerVerify } from "./answers/answer-verify.ts"
import { answerOldLink } from "./answers/redirects/answer-old-link.ts"
import { answerCall } from "./answers/requests/answer-call.ts"
import { answerRequestPage } from "./answers/requests/answer-request-page.ts"
import { type Assets, zipWorkerUrl } from "./assets.ts"
import { type DrawFor, drawPages } from "./draw.ts"
import { drawPreview } from "./draw-preview.ts"
import type { Answer, LinkRequest, VisitorRequest } from "./exchange.ts"

type Handler = (request: LinkRequest, draw: DrawFor, fileId: string) => Promise<Answer>

type Address = { at: string; handle: Handler; noHead?: true; isJson?: boolean }

/**
 * The addresses below a link and a request for files. None waits in the queue of lists: each reads
 * at most 500 rows by an index, and the list of a large share waits for its turn on its own.
 */
export const ADDRESSES: Address[] = [
  { at: "GET /s/{token}", handle: answerPage },
  { at: "GET /s/{token}/state", handle: answerState, isJson: true },
  { at: "GET /s/{token}/unlock", handle: answerUnlock },
  { at: "POST /s/{token}/unlock", handle: answerUnlock },
  ...["/s", "/r"].flatMap((path) =>
    ["code", "verify"].flatMap((step) =>
      ["GET", "POST"].map((method) => ({
        at: `${method} ${path}/{token}/${step}`,
        handle: answerVerify,
      })),
    ),
  ),
  { at: "GET /s/{token}/ask", handle: answerAsk },
  { at: "POST /s/{token}/ask", handle: answerAsk },
  { at: "GET /s/{token}/claim", handle: answerClaim },
  { at: "POST /s/{token}/claim", handle: answerClaim },
  { at: "GET /s/{token}/d/{file}", handle: answerDownload },
  { at: "POST /s/{token}/d/{file}", handle: answerDownload },
  { at: "GET /s/{token}/t/{file}", handle: answerPreview("thumbnail"), noHead: true },
  { at: "GET /s/{token}/p/{file}", handle: answerPreview("preview") },
  { at: "GET /r/{token}", handle: answerRequestPage },
  { at: "GET /r/{token}/unlock", handle: answerUnlock },
  { at: "POST /r/{token}/unlock", handle: answerUnlock },
]

const CALLS = GUEST_CALLS.map((call) => {
  return { ...call, handle: answerCall(call), isJson: !call.isPage }
})

const find = findAmong<Address>([...ADDRESSES, ...CALLS])

/** Answers every request below /s/, /r/ and /share/, and renders previews for the members' API. */
export function createVisitor(assets: Assets) {
  offerPageRenderer(drawPreview(assets))
  offerOwnScripts((locale, storeOrigin) => ({
    zip: assets.ownZip,
    zipWorker: zipWorkerUrl(assets, storeOrigin),
    ownViewer: assets.ownViewer,
    viewer: assets.viewer,
    words: assets.words[locale] ?? "",
  }))
  const draw = drawPages(assets)
  return async (request: VisitorRequest): Promise<Answer> => {
    const [, withSlash] = /^(\/(?:s|r|share)\/[^/]+)\/$/.exec(request.path) ?? []
    if (withSlash) return { status: 308, headers: [["Location", withSlash]], body: null }
    const old = await answerOldLink(request, draw)
    if (old) return old
    const found = find(request.path)
    if (!found) return unknownAddress(request, draw)
    const { byMethod, params } = found
    const address = byMethod.get(request.method)
    if (!address) return wrongMethod(request, draw, [...byMethod.keys()])
    const { token = "", file = "" } = params
    const kind = request.path.startsWith("/r/") ? "request" : "share"
    const link = `${request.path.slice(0, 3)}${token}`
    const { handle, isJson } = address
    const asked = { ...request, token, link, isJson, publicId: readLinkToken(token, kind) }
    return answerRefusals(asked, draw, async () => {
      const isSlug = kind === "request" && !asked.publicId && Slug.safeParse(token).success
      const publicId = isSlug ? await findSlug(token, request.clientAddress) : asked.publicId
      return handle({ ...asked, publicId }, draw, file)
    })
  }
}
