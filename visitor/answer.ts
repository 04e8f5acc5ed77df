import "server-only"
import { offerPageRenderer } from "#lib/rooms/claims/open/page-renderer.ts"
import { answerAsk } from "./answers/answer-ask.ts"
import { answerClaim } from "./answers/answer-claim.ts"
import { answerDownload } from "./answers/answer-download.ts"
import { answerPage } from "./answers/answer-page.ts"
import { answerPreview } from "./answers/answer-preview.ts"
import { answerRefusals, unknownAddress, wrongMethod } from "./answers/answer-refusal.ts"
import { answerState } from "./answers/answer-state.ts"
import { answerUnlock } from "./answers/answer-unlock.ts"
import { answerOldLink } from "./answers/redirects/answer-old-link.ts"
import type { Assets } from "./assets.ts"
import { type DrawFor, drawPages } from "./draw.ts"
import { drawPreview } from "./draw-preview.ts"
import type { Answer, LinkRequest, VisitorRequest } from "./exchange.ts"

type Handler = (request: LinkRequest, draw: DrawFor, fileId: string) => Promise<Answer>

type Address = {
  methods: string[]
  handle: Handler
  /** Whether a file id follows. */
  ofFile?: true
}

/** The addresses below a link, by the first part of their path; "" is the page itself. */
export const ADDRESSES: Record<string, Address> = {
  "": { methods: ["GET", "HEAD"], handle: answerPage },
  state: { methods: ["GET", "HEAD"], handle: answerState },
  unlock: { methods: ["GET", "HEAD", "POST"], handle: answerUnlock },
  ask: { methods: ["GET", "HEAD", "POST"], handle: answerAsk },
  claim: { methods: ["GET", "HEAD", "POST"], handle: answerClaim },
  d: { methods: ["GET", "HEAD", "POST"], handle: answerDownload, ofFile: true },
  t: { methods: ["GET"], handle: answerPreview("thumbnail"), ofFile: true },
  p: { methods: ["GET", "HEAD"], handle: answerPreview("preview"), ofFile: true },
}

const PATH = /^\/s\/([^/]+)(?:\/([a-z]+)(?:\/([^/]+))?)?$/

/** Answers every request below /s/ and /share/, and renders previews for the members' API. */
export function createVisitor(assets: Assets) {
  offerPageRenderer(drawPreview(assets))
  const draw = drawPages(assets)
  return async (request: VisitorRequest): Promise<Answer> => {
    const [, withSlash] = /^(\/s(?:hare)?\/[^/]+)\/$/.exec(request.path) ?? []
    if (withSlash) return { status: 308, headers: [["Location", withSlash]], body: null }
    const old = await answerOldLink(request, draw)
    if (old) return old
    const [, token = "", name = "", fileId = ""] = PATH.exec(request.path) ?? []
    const address = Object.hasOwn(ADDRESSES, name) ? ADDRESSES[name] : undefined
    if (!token || !address || (fileId !== "") !== (address.ofFile ?? false)) {
      return unknownAddress(request, draw)
    }
    const { methods, handle } = address
    if (!methods.includes(request.method)) return wrongMethod(request, draw, methods)
    const linkRequest = { ...request, token }
    return answerRefusals(linkRequest, draw, () => handle(linkRequest, draw, fileId))
  }
}
