import "client-only"
import type { UploadView } from "#lib/files/file.ts"
import { type Failure, refusal, unreadable } from "./failure.ts"
import { samplesOf } from "./fingerprint.ts"
import { measureParts } from "./part-layout.ts"
import { calm, type RunWorld, type Step, settle } from "./upload-context.ts"
import type { Entry, Stage } from "./upload-entry.ts"

/** Up to here a file's hash takes no time worth mentioning, so the app gets it before the first byte. */
const HASHED_FIRST_BYTES = 8 * 1024 ** 2
/** An app that forgets the same file again and again is broken. */
const RESTARTS = 3

/** Has the app make the file's row, or finds the one that an earlier page began. */
export async function startUpload(
  entry: Entry,
  signal: AbortSignal,
  world: RunWorld,
): Promise<Step> {
  const { transport, hasher, unfinished } = world
  const { source } = entry
  world.change(entry, { state: "starting", ...calm })
  if (!(await transport.isReadable(source.body))) return unreadable
  if (source.body.size <= HASHED_FIRST_BYTES) entry.sha256 ??= hasher.part(source.body)
  const fingerprint = await hasher.part(samplesOf(source.name, source.body))
  const sha256 = await entry.sha256
  if (signal.aborted) return { next: "start" }

  // The row was perhaps made, and only the answer was lost.
  if (entry.wasAsked) await unfinished.recall()
  // A pause leaves it under way, and what is resumed then waits for the same.
  entry.adopting ??= adoptSame(entry, fingerprint, world)
  await entry.adopting
  entry.adopting = null
  if (entry.fileId !== null) return { next: "send" }
  if (signal.aborted) return { next: "start" }

  // Not abortable: a row that was made must be known, to give it up.
  const answer = await transport.start(source, { fingerprint, sha256 })
  entry.wasAsked = !answer.ok && !refusal(answer).final
  if (!answer.ok) return refusal(answer)
  const { file, upload } = answer.value
  if (signal.aborted && (entry.run || !world.holds(entry))) {
    // Cancelled, or paused and resumed, while the app was making the row.
    transport.abandon(file.id)
    return { next: "start" }
  }
  entry.stage = "send"
  entry.fileId = file.id
  world.change(entry, { fileId: file.id })
  // A recall may have seen the row before this answer came.
  unfinished.take(file.id)
  void lock(entry, file.id, world)
  if (upload.method === "multipart") entry.stored = new Set()
  obey(entry, upload, world)
  return { next: "send" }
}

async function adoptSame(entry: Entry, fingerprint: string | null, world: RunWorld) {
  const same = fingerprint && (await world.unfinished.takeSame(fingerprint))
  return same ? adopt(entry, same, world) : false
}

/** Goes on with a file that an earlier page began, unless another tab does. */
export async function adopt(entry: Entry, fileId: string, world: RunWorld): Promise<boolean> {
  if (!(await lock(entry, fileId, world))) return false
  entry.stage = "send"
  entry.fileId = fileId
  world.change(entry, { fileId })
  // Cancelled in the meantime.
  if (!world.holds(entry)) world.transport.abandon(fileId)
  return true
}

async function lock(entry: Entry, fileId: string, { locks, holds }: RunWorld) {
  const unlock = await locks.take(fileId)
  if (!unlock) return false
  if (holds(entry) && entry.view.state !== "stored") entry.unlock = unlock
  else unlock()
  return true
}

/** Takes up how the app wants the bytes. */
export function obey(entry: Entry, upload: UploadView, world: RunWorld) {
  const { source, fileId } = entry
  if (upload.method === "put") {
    entry.order = { view: upload, at: Date.now() }
    return
  }
  entry.measure = measureParts(source.body, upload)
  world.change(entry, { resumable: true })
  if (source.handle && fileId) void world.handles.keep(fileId, source.handle)
}

/** The app gave the file up in the meantime. */
export function beginAnew(entry: Entry, world: RunWorld): Failure | { next: Stage } {
  settle(entry, world)
  Object.assign(entry, { fileId: null, order: null, measure: null, stored: null, stage: "start" })
  world.change(entry, { fileId: null, sentBytes: 0, resumable: false })
  entry.restarts += 1
  if (entry.restarts <= RESTARTS) return { next: "start" }
  return refusal({ ok: false, status: 404, message: null, retryAfterSeconds: null })
}
