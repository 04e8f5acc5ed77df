import { createZip } from "./create-zip.ts"
import type { ZipCommand, ZipEvent, ZipJob } from "./zip-job.ts"

/** The page's only message to its worker. */
export type FileRequest = { job: ZipJob; file: FileSystemFileHandle; port: MessagePort }

/** Batches writes, because each write of a file is a call to another process. */
const WRITE_BYTES = 1024 ** 2

/** Writes the archive of a job into the file of the job's message. */
export function writeToFile() {
  addEventListener("message", ({ data }: MessageEvent<FileRequest>) => void write(data))
}

async function write({ job, file, port }: FileRequest) {
  let end: ZipEvent | undefined
  let isCancelled = false
  const zip = createZip(job, (event) => {
    if (event.type === "ready" || event.type === "progress") port.postMessage(event)
    else end = event
  })
  port.onmessage = ({ data }: MessageEvent<ZipCommand>) => {
    isCancelled ||= data === "cancel"
    zip.command(data)
  }
  const stream = await zip.open()
  try {
    // Until it is closed, the stream writes to a temporary file, which an error discards.
    if (stream) await pipeTo(file, stream)
  } catch {
    zip.command("cancel")
    if (end?.type !== "failed" && !isCancelled) end = { type: "failed", failure: { why: "disk" } }
  }
  port.postMessage(end ?? { type: "cancelled" })
}

async function pipeTo(file: FileSystemFileHandle, stream: ReadableStream<Uint8Array<ArrayBuffer>>) {
  const target = await file.createWritable()
  await stream.pipeThrough(joinChunks(WRITE_BYTES)).pipeTo(target)
}

/** Joins bytes to chunks of at least this size, except the last. */
function joinChunks(size: number) {
  let parts: Uint8Array<ArrayBuffer>[] = []
  let held = 0
  const joined = () => {
    const all = new Uint8Array(held)
    let at = 0
    for (const part of parts) {
      all.set(part, at)
      at += part.length
    }
    parts = []
    held = 0
    return all
  }
  return new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      parts.push(chunk)
      held += chunk.length
      if (held >= size) controller.enqueue(joined())
    },
    flush(controller) {
      if (held > 0) controller.enqueue(joined())
    },
  })
}
