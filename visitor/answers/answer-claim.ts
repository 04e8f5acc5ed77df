import "server-only"
import { z } from "zod"
import { createFairQueue } from "#lib/adapters/host/fair-queue.ts"
import { type Reader, readInTurn, turnOf } from "#lib/adapters/host/read-in-turn.ts"
import { parse } from "#lib/adapters/http/input.ts"
import { Uuid } from "#lib/adapters/text/uuid.ts"
import { claim } from "#lib/rooms/claims/claim/claim.ts"
import { folderFileIds, hasMoreFilesThan } from "#lib/rooms/claims/claim/link-files.ts"
import { mint } from "#lib/rooms/claims/mint/mint.ts"
import { MAX_FOLDER_BYTES } from "#lib/rooms/files/file.ts"
import { toPage } from "#visitor/cookies/back-cookie.ts"
import { sourceOf, visitOf } from "#visitor/cookies/visit-cookies.ts"
import { type Answer, isForm, type LinkRequest, readInput } from "#visitor/exchange.ts"
import { ticketCookie } from "./answer-download.ts"
import { MAX_UNQUEUED_FILES, signFiles } from "./sign-files.ts"

const MAX_BODY_BYTES = 1024 * 1024
/** Limits large claims, so that they leave database connections to other requests. */
const queue = createFairQueue({ running: 2 })

const ClaimInput = z.object({
  fileIds: z.array(Uuid).min(1, "Name at least one file.").max(10_000).optional(),
  /** Instead of ids: a folder, with the files at any depth below it that match the search. */
  folder: z.string().min(1).max(MAX_FOLDER_BYTES).optional(),
  q: z.string().max(200).optional(),
})
type ClaimInput = z.infer<typeof ClaimInput>

/**
 * POST /s/{token}/claim: one claim, or a mint with a ticket, for many files at once. For a
 * view-only share it returns only the ticket. A form gets the ticket as a cookie and a redirect to
 * the page.
 */
export async function answerClaim(request: LinkRequest): Promise<Answer> {
  const visit = visitOf(request)
  if (request.method !== "POST") return toPage(request)
  const input = isForm(request) ? {} : parse(ClaimInput, await readInput(request, MAX_BODY_BYTES))
  const reader = { address: request.clientAddress }
  const fileIds = await fileIdsOf(input, visit.publicId, reader)
  const source = await sourceOf(request, visit.publicId)
  const chargedTo = request.clientAddress
  const click = { ...visit, fileIds, source, chargedTo, ticketAlone: true }
  const isLarge = fileIds
    ? fileIds.length > MAX_UNQUEUED_FILES
    : await hasMoreFilesThan(MAX_UNQUEUED_FILES, visit.publicId)
  const count = async () => {
    // Nothing is counted before the wait: a claim now would count without reaching a client.
    if (request.isGone()) return null
    return (await mint(click)) ?? (await claim({ ...click, directOnly: false }))
  }
  const grant = isLarge ? await queue.run(turnOf(reader), count) : await count()
  if (!grant) return { status: 400, headers: [], body: null }
  if (isForm(request)) return toPage(request, "", ticketCookie(request, grant))
  const headers: Answer["headers"] = [
    ["Content-Type", "application/json"],
    ["Cache-Control", "no-store"],
    ["Referrer-Policy", "no-referrer"],
    ...ticketCookie(request, grant),
  ]
  // The claim is counted by now. The headers with its ticket are sent before any signing, so that a
  // client which disconnects while it waits does not lose the claim.
  return { status: 200, headers, body: await signFiles(grant) }
}

/** Null for all files. */
async function fileIdsOf(
  { fileIds, folder, q }: ClaimInput,
  publicId: Uint8Array<ArrayBuffer>,
  reader: Reader,
) {
  if (fileIds || folder === undefined) return fileIds ?? null
  return readInTurn(reader, () => folderFileIds(publicId, { folder, q }))
}
