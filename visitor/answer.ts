import "server-only"
import { readInTurn } from "#lib/adapters/host/read-in-turn.ts"
import { readLinkToken } from "#lib/adapters/secrets.ts"
import { offerPageRenderer } from "#lib/rooms/claims/open/page-renderer.ts"
import { offerZipScripts } from "#lib/rooms/files/reads/own-zip.ts"
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
import { answerOldLink } from "./answers/redirects/answer-old-link.ts"
import { answerRequestPage } from "./answers/requests/answer-request-page.ts"
import {
  answerBatch,
  answerComplete,
  answerDone,
  answerFiles,
  answerParts,
  answerReceipt,
  answerResume,
  answerWithdraw,
} from "./answers/requests/answer-sending.ts"
import { type Assets, zipWorkerUrl } from "./assets.ts"
import { type DrawFor, drawPages } from "./draw.ts"
import { drawPreview } from "./draw-preview.ts"
import type { Answer, LinkRequest, VisitorRequest } from "./exchange.ts"

type Handler = (request: LinkRequest, draw: DrawFor, fileId: string) => Promise<Answer>

type Address = {
  methods: string[]
  handle: Handler
  /** Whether a file id follows. */
  ofFile?: true
  /**
   * Why a GET does not wait in the queue of lists: how it reads at most 500 rows by an index, or
   * where it waits.
   */
  cheap?: string
}

const REDIRECT = "reads nothing and leads to the page"
const LISTING = "reads one row; the list of a large share waits for its turn on its own"
const ONE_FILE = "reads one file"

/** The addresses below a link, by the first part of their path; "" is the page itself. */
export const ADDRESSES: Record<string, Address> = {
  "": { methods: ["GET", "HEAD"], handle: answerPage, cheap: LISTING },
  state: { methods: ["GET", "HEAD"], handle: answerState, cheap: LISTING },
  unlock: { methods: ["GET", "HEAD", "POST"], handle: answerUnlock, cheap: REDIRECT },
  ask: { methods: ["GET", "HEAD", "POST"], handle: answerAsk, cheap: REDIRECT },
  claim: { methods: ["GET", "HEAD", "POST"], handle: answerClaim, cheap: REDIRECT },
  d: { methods: ["GET", "HEAD", "POST"], handle: answerDownload, ofFile: true, cheap: ONE_FILE },
  t: { methods: ["GET"], handle: answerPreview("thumbnail"), ofFile: true, cheap: ONE_FILE },
  p: { methods: ["GET", "HEAD"], handle: answerPreview("preview"), ofFile: true, cheap: ONE_FILE },
}

/** The addresses below a request for files. `{file}` is a file id. */
export const REQUEST_ADDRESSES: Record<string, Address> = {
  "": {
    methods: ["GET", "HEAD"],
    handle: answerRequestPage,
    cheap: "reads one row, which has its numbers",
  },
  unlock: { methods: ["GET", "HEAD", "POST"], handle: answerUnlock, cheap: REDIRECT },
  files: { methods: ["GET", "POST"], handle: answerFiles },
  "files/batch": { methods: ["POST"], handle: answerBatch },
  "files/{file}": { methods: ["DELETE"], handle: answerWithdraw },
  "files/{file}/upload": { methods: ["POST"], handle: answerResume },
  "files/{file}/parts": {
    methods: ["GET", "POST"],
    handle: answerParts,
    cheap: "reads one file, and waits for the store",
  },
  "files/{file}/complete": { methods: ["POST"], handle: answerComplete },
  done: { methods: ["POST"], handle: answerDone },
  receipt: { methods: ["GET", "HEAD"], handle: answerReceipt },
}

const PATH = /^\/s\/([^/]+)(?:\/([a-z]+)(?:\/([^/]+))?)?$/
const REQUEST_PATH = /^\/r\/([^/]+)(?:\/(.+))?$/
const FILE_PATH = /^files\/(?!batch$)([^/]+)(.*)$/

/** Finds the subject of a path below /s/ or /r/; null if there is none. */
function findAddress(path: string) {
  const [, asked, below = ""] = REQUEST_PATH.exec(path) ?? []
  if (asked !== undefined) {
    const [, fileId = "", rest = ""] = FILE_PATH.exec(below) ?? []
    const name = fileId ? `files/{file}${rest}` : below
    const address = Object.hasOwn(REQUEST_ADDRESSES, name) ? REQUEST_ADDRESSES[name] : undefined
    return address ? { address, kind: "request" as const, token: asked, fileId } : null
  }
  const [, token = "", name = "", fileId = ""] = PATH.exec(path) ?? []
  const address = Object.hasOwn(ADDRESSES, name) ? ADDRESSES[name] : undefined
  if (!token || !address || (fileId !== "") !== (address.ofFile ?? false)) return null
  return { address, kind: "link" as const, token, fileId }
}

/** Answers every request below /s/, /r/ and /share/, and renders previews for the members' API. */
export function createVisitor(assets: Assets) {
  offerPageRenderer(drawPreview(assets))
  offerZipScripts((locale, storeOrigin) => ({
    script: assets.ownZip,
    zipWorker: zipWorkerUrl(assets, storeOrigin),
    words: assets.words[locale] ?? "",
  }))
  const draw = drawPages(assets)
  return async (request: VisitorRequest): Promise<Answer> => {
    const [, withSlash] = /^(\/(?:s|r|share)\/[^/]+)\/$/.exec(request.path) ?? []
    if (withSlash) return { status: 308, headers: [["Location", withSlash]], body: null }
    const old = await answerOldLink(request, draw)
    if (old) return old
    const found = findAddress(request.path)
    if (!found) return unknownAddress(request, draw)
    const { address, kind, token, fileId } = found
    const { methods, handle, cheap } = address
    if (!methods.includes(request.method)) return wrongMethod(request, draw, methods)
    const link = `/${kind === "link" ? "s" : "r"}/${token}`
    const asked = { ...request, token, link, publicId: readLinkToken(token, kind) }
    return answerRefusals(asked, draw, async () => {
      const isSlug = kind === "request" && !asked.publicId && Slug.safeParse(token).success
      const publicId = isSlug ? await findSlug(token, request.clientAddress) : asked.publicId
      const answer = () => handle({ ...asked, publicId }, draw, fileId)
      const isList = request.method !== "POST" && request.method !== "DELETE" && !cheap
      if (!isList) return answer()
      return readInTurn({ address: request.clientAddress }, async () =>
        request.isGone() ? { status: 400, headers: [], body: null } : answer(),
      )
    })
  }
}
