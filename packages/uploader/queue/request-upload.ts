import "client-only"
import { fingerprintOf } from "../hashing/fingerprint.ts"
import { layoutParts } from "../parts/part-layout.ts"
import { appFailure, type Failure, offline, unreadable } from "../transport/failure.ts"
import type { NewFile } from "../transport/upload-transport.ts"
import type { Answer, FileRecord, StartedFile, UploadInstructions } from "../upload-protocol.ts"
import { adoptMatchingFile, lockFile } from "./adopt-file.ts"
import { noProblem, releaseUpload, type StepResult, type UploadContext } from "./upload-context.ts"
import type { Entry, Stage } from "./upload-entry.ts"

/** Up to this size hashing is quick, so the app gets the hash before the first byte. */
const HASHED_FIRST_BYTES = 8 * 1024 ** 2
/** At most this many restarts: an app that deletes the same record more often has a bug. */
const MAX_RESTARTS = 3

/** Has the app create the file's record, or adopts the one that an earlier page started. */
export async function requestUpload(
  entry: Entry,
  signal: AbortSignal,
  context: UploadContext,
): Promise<StepResult> {
  context.change(entry, { state: "starting", ...noProblem })
  // Not aborted once it is sent, because the id of a created record is needed to abandon it.
  const answer = await context.records.create(signal, () => prepareFile(entry, signal, context))
  if (!answer) return { next: "start" }
  return "ok" in answer ? takeAnswer(entry, answer, signal, context) : answer
}

async function prepareFile(
  entry: Entry,
  signal: AbortSignal,
  context: UploadContext,
): Promise<NewFile | StepResult> {
  const { transport, hasher } = context
  const { source } = entry
  const { name, body } = source
  if (body.size <= HASHED_FIRST_BYTES) entry.sha256 ??= hasher.part(body)
  const fingerprint = await fingerprintOf(name, body, hasher)
  const sha256 = (await entry.sha256) ?? null
  // Asked only if it was not hashed, because with many files each read of one takes its time.
  if (fingerprint === null && !(await transport.isReadable(body))) return unreadable
  // The hasher is loaded on first use. Without a fingerprint no upload can be resumed.
  if (fingerprint === null && !transport.isOnline()) {
    entry.sha256 = null
    return offline
  }
  if (signal.aborted) return { next: "start" }

  // A pause leaves this pending, and the resumed run waits for the same promise.
  entry.adopting ??= adoptMatchingFile(entry, fingerprint, context)
  const adopted = await entry.adopting
  entry.adopting = null
  if (entry.fileId !== null) return { next: "send" }
  if (typeof adopted === "object") return adopted
  return {
    source: { ...source, name: entry.view.name },
    digests: { fingerprint, sha256 },
    replaces: entry.replaces,
  }
}

function takeAnswer(
  entry: Entry,
  answer: Answer<StartedFile>,
  signal: AbortSignal,
  context: UploadContext,
): StepResult | Promise<StepResult> {
  const { transport, unfinished } = context
  if (!answer.ok) {
    if (answer.taken) return afterTaken(entry, answer.taken, context)
    const failure = appFailure(answer)
    // After a refusal that lasts there is no record, although the start is retried.
    if (!failure.final && !failure.lasts) unfinished.expectMore()
    return failure
  }
  const { file, upload } = answer.value
  if (!upload) return { stored: file }
  if (signal.aborted && (entry.run || !context.has(entry))) {
    // The upload was cancelled, or paused and resumed, while the app created the record.
    transport.abandon(file.id)
    return { next: "start" }
  }
  entry.stage = "send"
  entry.fileId = file.id
  context.change(entry, { fileId: file.id })
  // The list may have been loaded between the record's creation and this answer.
  unfinished.take(file.id)
  void lockFile(entry, file.id, context)
  if (upload.method === "multipart") entry.storedParts = new Set()
  applyInstructions(entry, upload, context)
  return { next: "send" }
}

/**
 * Asks the app again with the hash of the whole file, if that may show that the file of this name is
 * the same with another time, or as it was answered. Otherwise the upload waits for an answer.
 */
async function afterTaken(
  entry: Entry,
  taken: FileRecord,
  { hasher, change, remove }: UploadContext,
): Promise<StepResult> {
  const { name, body } = entry.source
  if (!entry.sha256 && taken.sha256 && taken.size === body.size) {
    entry.sha256 = hasher.whole(body, entry.lifetime.signal)
    await entry.sha256
    return { next: "start" }
  }
  switch (entry.ifTaken) {
    case "replace":
      entry.replaces = taken.id
      return { next: "start" }
    case "keepBoth":
      entry.copy += 1
      change(entry, { name: copyName(name, entry.copy) })
      return { next: "start" }
    case "skip":
      remove(entry)
      return { taken }
    default:
      return { taken }
  }
}

/** Numbers a name before its ending: "plan (2).pdf". */
const copyName = (name: string, copy: number) =>
  name.replace(/^(.+?)(\.[^.]+)?$/s, `$1 (${copy})$2`)

/** Prepares the upload for one PUT or for parts. */
export function applyInstructions(
  entry: Entry,
  instructions: UploadInstructions,
  context: UploadContext,
) {
  const { source, fileId } = entry
  if (instructions.method === "put") {
    entry.put = { instructions, receivedAt: Date.now() }
    return
  }
  entry.layout = layoutParts(source.body, instructions)
  context.change(entry, { resumable: true })
  if (source.handle && fileId) void context.handles.save(fileId, source.handle)
}

/** Begins again after the app has deleted the record. */
export function restartUpload(entry: Entry, context: UploadContext): Failure | { next: Stage } {
  releaseUpload(entry, context)
  Object.assign(entry, { fileId: null, put: null, layout: null, storedParts: null, stage: "start" })
  context.change(entry, { fileId: null, earlier: null, sentBytes: 0, resumable: false })
  entry.restarts += 1
  if (entry.restarts <= MAX_RESTARTS) return { next: "start" }
  return appFailure({ ok: false, status: 404, message: null, retryAfterSeconds: null })
}
