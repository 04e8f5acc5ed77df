import "server-only"
import { z } from "zod"
import { attempt, Refusal } from "#lib/adapters/errors.ts"
import { readInTurn } from "#lib/adapters/host/read-in-turn.ts"
import { parse, parseJson } from "#lib/adapters/http/input.ts"
import { sayRefusal } from "#lib/adapters/text/sentences.ts"
import { Uuid } from "#lib/adapters/text/uuid.ts"
import { COOKIES, signTicket } from "#lib/rooms/claims/visitor/visitor-cookies.ts"
import {
  FileBatch,
  FileInput,
  FileListQuery,
  FinishInput,
  PartsInput,
  SENT_STATUSES,
} from "#lib/rooms/files/file.ts"
import { listFiles } from "#lib/rooms/files/list-files.ts"
import { listParts } from "#lib/rooms/files/upload/parts/list-parts.ts"
import { signParts } from "#lib/rooms/files/upload/parts/sign-parts.ts"
import { resumeUpload } from "#lib/rooms/files/upload/resume-upload.ts"
import { startUploads } from "#lib/rooms/files/upload/start-upload.ts"
import {
  completeFile,
  finishDelivery,
  readReceipt,
  withdrawFile,
} from "#lib/rooms/requests/guest/deliver.ts"
import {
  beginGuest,
  DELIVERY_SECONDS,
  type RequestGuest,
  requireGuest,
} from "#lib/rooms/requests/guest/guest.ts"
import { DoneInput, type Sender, SentFile } from "#lib/rooms/requests/request.ts"
import type { DrawFor } from "#visitor/draw.ts"
import { type Answer, type LinkRequest, setCookie, wantsJson } from "#visitor/exchange.ts"
import { localeOf } from "#visitor/language/language.ts"
import { proofsOf, requireOwnPage } from "./guest-of.ts"

// The calls below /r/{token}/, like the members' calls below /api/v1. A guest's cookie takes the
// place of the session.

const MAX_BODY_BYTES = 512 * 1024

const OwnFilesQuery = FileListQuery.pick({ cursor: true, limit: true }).extend({
  // A guest is not told that a file is held.
  status: z.enum(SENT_STATUSES).exclude(["held"]).optional(),
})

type Handler = (request: LinkRequest, draw: DrawFor, fileId: string) => Promise<Answer>

const json = (status: number, body: unknown, headers: Answer["headers"] = []): Answer => ({
  status,
  headers: [["Content-Type", "application/json"], ["Cache-Control", "no-store"], ...headers],
  body: JSON.stringify(body),
})

const NOTHING: Answer = { status: 204, headers: [["Cache-Control", "no-store"]], body: null }

async function readInput(request: LinkRequest): Promise<unknown> {
  const text = await request.readBody(MAX_BODY_BYTES)
  return text.trim() === "" ? {} : parseJson(text)
}

/** The guest of a request that only reads, or that a page of Lapse sent. */
async function guestOf(request: LinkRequest): Promise<RequestGuest> {
  if (request.method !== "GET") requireOwnPage(request)
  const { publicId, proofs } = proofsOf(request)
  return requireGuest(publicId, proofs)
}

async function beginningGuest(request: LinkRequest, sender?: Sender): Promise<RequestGuest> {
  requireOwnPage(request)
  const { publicId, proofs } = proofsOf(request)
  return beginGuest(publicId, proofs, { address: request.clientAddress, sender })
}

const ticketCookie = (request: LinkRequest, { ticket }: RequestGuest) =>
  setCookie(request, COOKIES.delivery, signTicket(ticket, "delivery"), DELIVERY_SECONDS)

/** GET /r/{token}/files: lists this guest's files; POST: starts an upload. */
export const answerFiles: Handler = async (request) => {
  if (request.method === "GET") {
    const guest = await guestOf(request)
    const query = parse(OwnFilesQuery, Object.fromEntries(request.query))
    const { items, nextCursor } = await listFiles(guest, query)
    return json(200, { items, nextCursor })
  }
  const { sender, ...file } = parse(SentFile, await readInput(request))
  const guest = await beginningGuest(request, sender)
  const [started] = await startUploads(guest, [file])
  if (!started || started instanceof Refusal) throw started ?? new Error("There is no answer.")
  return json(201, started, [ticketCookie(request, guest)])
}

/** POST /r/{token}/files/batch: starts several uploads, each with its own answer. */
export const answerBatch: Handler = async (request) => {
  const { files } = parse(FileBatch, await readInput(request))
  const guest = await beginningGuest(request)
  const inputs = files.map((file) => attempt(() => parse(FileInput, file)))
  const started = await startUploads(guest, inputs)
  const isBegun = started.some((one) => !(one instanceof Refusal))
  const locale = localeOf(request)
  const items = started.map((one) => {
    if (!(one instanceof Refusal)) return one
    const { code, status, field, retryAfterSeconds } = one
    const title = sayRefusal(one, locale)
    const more = { ...(field && { field }), ...(retryAfterSeconds && { retryAfterSeconds }) }
    return { problem: { type: "about:blank", code, title, status, ...more } }
  })
  return json(201, { items }, isBegun ? [ticketCookie(request, guest)] : [])
}

/** DELETE /r/{token}/files/{id}: withdraws a file. */
export const answerWithdraw: Handler = async (request, _draw, fileId) => {
  await withdrawFile(await guestOf(request), fileId)
  return NOTHING
}

/** POST /r/{token}/files/{id}/upload: how to resume an upload. */
export const answerResume: Handler = async (request, _draw, fileId) => {
  const guest = await guestOf(request)
  return json(200, await resumeUpload(guest, fileId))
}

/** /r/{token}/files/{id}/parts: a GET lists the parts that the store has, a POST signs some. */
export const answerParts: Handler = async (request, _draw, fileId) => {
  const guest = await guestOf(request)
  if (request.method === "GET") return json(200, await listParts(guest, fileId))
  const input = parse(PartsInput, await readInput(request))
  return json(200, await signParts(guest, fileId, input))
}

/** POST /r/{token}/files/{id}/complete: ends an upload, when the store has all of the file. */
export const answerComplete: Handler = async (request, _draw, fileId) => {
  const guest = await guestOf(request)
  const input = parse(FinishInput, await readInput(request))
  return json(200, await completeFile(guest, fileId, input))
}

/** POST /r/{token}/done: ends the delivery, and answers its receipt. Repeating it is harmless. */
export const answerDone: Handler = async (request) => {
  requireOwnPage(request)
  const { publicId, proofs } = proofsOf(request)
  const input = parse(DoneInput, await readInput(request))
  const before = await readReceipt(publicId, proofs.delivery, { limit: 0 })
  if (before.doneAt === null) await finishDelivery(await requireGuest(publicId, proofs), input)
  const reader = { address: request.clientAddress }
  return json(200, await readInTurn(reader, () => readReceipt(publicId, proofs.delivery)))
}

const ReceiptQuery = z.object({ cursor: Uuid.optional() })

/** GET /r/{token}/receipt: a page of this guest's receipt, in HTML or as JSON. */
export const answerReceipt: Handler = async (request, draw) => {
  const { publicId, proofs } = proofsOf(request)
  const { cursor: after } = parse(ReceiptQuery, Object.fromEntries(request.query))
  const receipt = await readReceipt(publicId, proofs.delivery, { after })
  if (!wantsJson(request)) return draw(request).receipt(receipt)
  return json(200, receipt, [["Vary", "Accept"]])
}
