import "server-only"
import { answerClaim } from "./answer-claim.ts"
import { answerDownload } from "./answer-download.ts"
import { answerUnlock } from "./answer-unlock.ts"
import type { Answer, VisitorRequest } from "./exchange.ts"

const PATH = /^\/s\/([^/]+)(?:\/(d)\/([^/]+)|\/(claim|unlock))?$/

export type VisitorPath = {
  token: string
  what: "page" | "download" | "claim" | "unlock"
  fileId: string
}

/** Which of a link's addresses a path is, or null. */
export function visitorPath(path: string): VisitorPath | null {
  const match = PATH.exec(path)
  if (!match) return null
  const [, token = "", download, fileId = "", verb] = match
  const what = download ? "download" : verb === "claim" || verb === "unlock" ? verb : "page"
  return { token, what, fileId }
}

/** Answers every address of a link but its page. */
export async function answerVisitor(
  request: VisitorRequest,
  { what, fileId }: VisitorPath,
): Promise<Answer> {
  if (!["GET", "HEAD", "POST"].includes(request.method)) {
    return { status: 405, headers: [["Allow", "GET, HEAD, POST"]], body: null }
  }
  if (what === "download") return answerDownload(request, fileId)
  if (what === "claim") return answerClaim(request)
  return answerUnlock(request)
}
