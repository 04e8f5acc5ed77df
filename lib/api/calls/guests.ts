import "server-only"
import { z } from "zod"
import { attempt, Refusal } from "#lib/adapters/errors.ts"
import { readInTurn } from "#lib/adapters/host/read-in-turn.ts"
import { parse } from "#lib/adapters/http/input.ts"
import { Problem, problemOf } from "#lib/adapters/http/problem.ts"
import { readSigned } from "#lib/adapters/secrets.ts"
import { Uuid } from "#lib/adapters/text/uuid.ts"
import { call, type GuestCall } from "#lib/api/call.ts"
import {
  FileInput,
  FileListQuery,
  FileView,
  FinishInput,
  MAX_BATCH,
  PartsInput,
  RepeatedUpload,
  SENT_STATUSES,
  SignedPart,
  StartedUpload,
  StoredPart,
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
import { beginGuest, requireGuest } from "#lib/rooms/requests/guest/guest.ts"
import { DoneInput, Receipt, SentBatch, SentFile } from "#lib/rooms/requests/request.ts"
import { listOf } from "./answers.ts"

const Refused = z.strictObject({
  problem: Problem.extend({ retryAfterSeconds: z.int().optional() }),
  file: FileView.optional(),
})

/** The calls of guests, at the address of a request for files. `visitor/` serves them. */
export const GUEST_CALLS: readonly GuestCall[] = [
  call("GET /r/{token}/files", {
    does: "Lists the files of the caller's delivery.",
    by: "guest",
    query: FileListQuery.pick({ cursor: true, limit: true }).extend({
      // A guest is not told that a file is held.
      status: z.enum(SENT_STATUSES).exclude(["held"]).optional(),
    }),
    gives: listOf(FileView),
    noHead: true,
    run: async ({ member, query }) => {
      const { items, nextCursor } = await listFiles(member, query)
      return { items, nextCursor }
    },
  }),
  call("POST /r/{token}/files", {
    does: "Starts an upload, and a delivery if the caller has none.",
    by: "visitor",
    body: SentFile,
    gives: StartedUpload,
    creates: { never: "guests have no key" },
    run: async ({ member, body: { sender, ...file } }) => {
      const guest = await beginGuest(member.publicId, member.proofs, { ...member, sender })
      const [started] = await startUploads(guest, [file])
      if (!started || started instanceof Refusal) throw started ?? new Error("There is no answer.")
      member.keepTicket(guest)
      return started
    },
  }),
  call("POST /r/{token}/files/batch", {
    does: "Starts several uploads, each with its own answer. With ifNew, what the delivery has under its name already is not started, as for `POST /files/batch`.",
    by: "visitor",
    body: SentBatch,
    maxBytes: 512 * 1024,
    gives: z.strictObject({ items: z.array(z.union([RepeatedUpload, Refused])).max(MAX_BATCH) }),
    creates: { never: "guests have no key" },
    run: async ({ member, body: { files, ifNew, sender }, locale }) => {
      const guest = await beginGuest(member.publicId, member.proofs, { ...member, sender })
      const inputs = files.map((file) => attempt(() => parse(FileInput, file)))
      const items = (await startUploads(guest, inputs, { ifNew })).map((one) => {
        if ("taken" in one) return { problem: problemOf(one.refusal, locale), file: one.taken }
        if (!(one instanceof Refusal)) return one
        const later = one.retryAfterSeconds && { retryAfterSeconds: one.retryAfterSeconds }
        return { problem: { ...problemOf(one, locale), ...later } }
      })
      if (items.some((one) => "file" in one)) member.keepTicket(guest)
      return { items }
    },
  }),
  call("DELETE /r/{token}/files/{file}", {
    does: "Withdraws a file, until the delivery is done.",
    by: "guest",
    gives: z.void(),
    run: ({ member, params }) => withdrawFile(member, params.file),
  }),
  call("POST /r/{token}/files/{file}/upload", {
    does: "Says how to resume an upload.",
    by: "guest",
    gives: StartedUpload,
    run: ({ member, params }) => resumeUpload(member, params.file),
  }),
  call("GET /r/{token}/files/{file}/parts", {
    does: "Lists the parts of an upload that the store has.",
    by: "guest",
    cheap: "reads one file, and waits for the store",
    noHead: true,
    gives: z.strictObject({ parts: z.array(StoredPart).max(10_000) }),
    run: ({ member, params }) => listParts(member, params.file),
  }),
  call("POST /r/{token}/files/{file}/parts", {
    does: "Signs URLs for parts of an upload.",
    by: "guest",
    body: PartsInput,
    gives: z.strictObject({ parts: z.array(SignedPart).max(100) }),
    run: ({ member, params, body }) => signParts(member, params.file, body),
  }),
  call("POST /r/{token}/files/{file}/complete", {
    does: "Ends an upload, when the store has all of the file.",
    by: "guest",
    body: FinishInput,
    bodyOptional: true,
    gives: FileView,
    run: ({ member, params, body }) => completeFile(member, params.file, body),
  }),
  call("POST /r/{token}/done", {
    does: "Ends the delivery, and answers its receipt, which is also mailed to the sender's address. Repeating it is harmless.",
    by: "visitor",
    body: DoneInput,
    bodyOptional: true,
    gives: Receipt,
    run: async ({ member: { publicId, proofs, address }, body, locale }) => {
      const before = await readReceipt(publicId, proofs.delivery, { limit: 0 })
      const by = { publicId, address, language: locale }
      if (before.doneAt === null)
        await finishDelivery(await requireGuest(publicId, proofs), body, by)
      return readInTurn({ address }, () => readReceipt(publicId, proofs.delivery))
    },
  }),
  call("GET /r/{token}/receipt", {
    does: "Reads some files of the delivery's receipt; it is a page unless JSON is asked for.",
    by: "visitor",
    // `of` is in the link of a mailed receipt, which opens in any browser.
    query: z.object({ cursor: Uuid.optional(), of: z.string().max(100).optional() }),
    gives: Receipt,
    isPage: true,
    run: ({ member: { publicId, proofs }, query: { cursor, of } }) => {
      const id = readSigned("receipt", of)
      return readReceipt(publicId, id ? { id } : proofs.delivery, { after: cursor })
    },
  }),
]
