import "client-only"
import type { UploadView } from "#lib/files/file.ts"
import { type Failure, putFailure, refusal, storeRefused, unreadable } from "./failure.ts"
import type { PartsMeasure } from "./part-layout.ts"
import { FRESH_MS } from "./part-urls.ts"
import { sendParts } from "./send-parts.ts"
import { beginAnew, obey } from "./start-upload.ts"
import { calm, type RunWorld, type Step, showWait } from "./upload-context.ts"
import type { Entry, Stage } from "./upload-entry.ts"
import type { Answer } from "./upload-transport.ts"

/** Brings the bytes to the store, in one PUT or in parts as the app said. */
export async function sendUpload(
  entry: Entry,
  signal: AbortSignal,
  world: RunWorld,
): Promise<Step> {
  const { transport, slots } = world
  if (!entry.fileId) return { next: "start" }
  world.change(entry, { state: "sending", ...calm })
  if (!(await transport.isReadable(entry.source.body))) return unreadable
  if (entry.measure) return sendInParts(entry, entry.measure, signal, world)
  // Beside the sending; only the end waits for it.
  entry.sha256 ??= world.hasher.whole(entry.source.body, entry.life.signal)

  const release = await slots.take(signal)
  if (!release) return { next: "send" }
  try {
    const order = await orderOf(entry, entry.fileId, world)
    if ("problem" in order || "next" in order) return order
    if (signal.aborted) return { next: "send" }
    if (order.method === "put") return await sendWhole(entry, order, signal, world)
  } finally {
    release()
  }
  return { next: "send" }
}

async function orderOf(
  entry: Entry,
  fileId: string,
  world: RunWorld,
): Promise<UploadView | Failure | { next: Stage }> {
  const { order } = entry
  entry.order = null
  if (order && Date.now() - order.at < FRESH_MS) return order.view
  const answer = await world.transport.sign(fileId)
  if (!answer.ok) return noOrder(entry, answer, world)
  if (answer.value.method === "multipart") obey(entry, answer.value, world)
  return answer.value
}

function noOrder(
  entry: Entry,
  answer: Answer<unknown> & { ok: false },
  world: RunWorld,
): Failure | { next: Stage } {
  if (answer.status === 404) return beginAnew(entry, world)
  // The bytes are there and only the answer was lost.
  return answer.status === 409 ? { next: "finish" } : refusal(answer)
}

type Put = Extract<UploadView, { method: "put" }>

async function sendWhole(
  entry: Entry,
  { url, headers }: Put,
  signal: AbortSignal,
  world: RunWorld,
) {
  const { transport } = world
  world.change(entry, { sentBytes: 0 })
  const answer = await transport.put({
    url,
    headers,
    body: entry.source.body,
    signal,
    onProgress(sentBytes) {
      if (!signal.aborted) world.progress(entry, sentBytes)
    },
  })
  // 412: the URL never overwrites, so an earlier attempt had arrived whole.
  if (answer.ok || answer.status === 412) return { next: "finish" } as const
  entry.meter.reset()
  return putFailure(answer, transport.isOnline())
}

async function sendInParts(
  entry: Entry,
  measure: PartsMeasure,
  signal: AbortSignal,
  world: RunWorld,
): Promise<Step> {
  const { fileId } = entry
  if (!fileId) return { next: "start" }
  if (!entry.stored) {
    const answer = await world.transport.listParts(fileId)
    if (!answer.ok) return noOrder(entry, answer, world)
    const whole = answer.value.filter(({ partNumber, size }) => size === measure.sizeOf(partNumber))
    entry.stored = new Set(whole.map(({ partNumber }) => partNumber))
  }
  if (signal.aborted) return { next: "send" }

  const { stored } = entry
  // The digests of the parts read every byte: the hash of the whole need not read them again.
  const fed = new AbortController()
  if (!measure.checksums || stored.size > 0) fed.abort()
  entry.sha256 ??= world.hasher.whole(entry.source.body, entry.life.signal, fed.signal)
  const showStored = () => world.change(entry, { sentBytes: measure.bytesOf(stored) })
  showStored()
  const outcome = await sendParts(
    {
      fileId,
      measure,
      stored,
      signal,
      onProgress(sentBytes) {
        if (!signal.aborted) world.progress(entry, sentBytes)
      },
      onWait(wait) {
        if (signal.aborted) return
        if (wait) showWait(entry, wait, world)
        else if (entry.view.state === "waiting") world.change(entry, { state: "sending", ...calm })
      },
    },
    { ...world, wait: (wait, until) => world.wait(entry, wait, until) },
  )
  fed.abort()
  if (outcome === "stored" || outcome === "complete") return { next: "finish" }
  // The store may have more than it could say.
  entry.stored = null
  showStored()
  if (outcome === "gone") return beginAnew(entry, world)
  // Asked what the store has, the app begins the upload anew there.
  if (outcome === "lost") return storeRefused
  return outcome === "aborted" ? { next: "send" } : outcome
}
