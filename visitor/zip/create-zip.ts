import { createGate } from "./gate.ts"
import { createClaims } from "./urls/claim-urls.ts"
import { batchFrom, createUrlSupply } from "./urls/url-supply.ts"
import { writeArchive } from "./write-archive.ts"
import { failureOf } from "./zip-failure.ts"
import type { LinkFiles, ZipCommand, ZipEvent, ZipJob } from "./zip-job.ts"

/** The interval of progress reports to the page. */
const TELL_MS = 250
/** After this number of intervals without a byte the page shows that it waits. */
const QUIET_TIMES = 6

type End = Extract<ZipEvent, { type: "done" | "failed" | "cancelled" }>

/** Creates an archive of a job's files. `tell` is called with each event, the result last. */
export function createZip(job: ZipJob, tell: (event: ZipEvent) => void) {
  const stop = new AbortController()
  const { signal } = stop
  const gate = createGate()
  const now = { files: 0, bytes: 0, isWaiting: false, missing: [] as readonly string[] }
  let hasEnded = false
  let breakStream = (_reason: unknown) => {}
  /** Files that wait for the store. The page is told when nothing else makes progress either. */
  const waiting = new Set<string>()
  let [toldBytes, quietTimes] = [0, 0]

  const timer = setInterval(() => {
    const { files, bytes } = now
    quietTimes = bytes === toldBytes ? quietTimes + 1 : 0
    toldBytes = bytes
    const isWaiting = now.isWaiting || (waiting.size > 0 && quietTimes >= QUIET_TIMES)
    tell({ type: "progress", files, bytes, isWaiting })
  }, TELL_MS)
  const end = (event: End) => {
    if (hasEnded) return
    hasEnded = true
    clearInterval(timer)
    tell(event)
    stop.abort()
  }
  const fail = (error: unknown) => {
    if (signal.aborted) return end({ type: "cancelled" })
    const failure = failureOf(error)
    if (!failure) console.error(error)
    end({ type: "failed", failure: failure ?? { why: "broken" } })
  }
  const { source, folder } = job
  const own = "files" in source ? source.files : null
  const claim = createClaims({
    of: source,
    signal,
    onWaiting(isWaiting) {
      now.isWaiting = isWaiting
    },
  })

  const wantedOf = ({ fileIds, q }: LinkFiles) => fileIds ?? (folder === "" ? null : { folder, q })

  async function claimFiles() {
    try {
      const claimed = await claim("files" in source ? batchFrom(source.files) : wantedOf(source))
      if (!claimed) fail(null)
      return claimed
    } catch (error) {
      fail(error)
      return null
    }
  }

  return {
    command(command: ZipCommand) {
      if (command === "pause") gate.close()
      else gate.open()
      if (command !== "cancel") return
      stop.abort()
      // Immediately, even if the disk accepts no data at the moment.
      breakStream(signal.reason)
      fail(signal.reason)
    },

    /** Claims the files; the archive is created while it is read. Null if the claim failed. */
    async open(): Promise<ReadableStream<Uint8Array<ArrayBuffer>> | null> {
      const claimed = await claimFiles()
      if (!claimed) return null
      const files = own ?? claimed.files.map(({ url: _, ...file }) => file)
      const bytes = files.reduce((sum, { size }) => sum + size, 0)
      tell({ type: "ready", files: files.length, bytes })
      const archive = writeArchive({
        files,
        folder,
        words: job.report,
        reading: {
          urls: createUrlSupply(files, claimed, claim),
          signal,
          gate,
          onBytes(count) {
            now.bytes += count
          },
          onWaiting(id, isWaiting) {
            if (isWaiting) waiting.add(id)
            else waiting.delete(id)
          },
        },
        onFile(missing) {
          now.files += 1
          now.missing = missing
        },
      })
      return new ReadableStream(
        {
          start(controller) {
            breakStream = (reason) => controller.error(reason)
          },
          async pull(controller) {
            try {
              await gate.passed(signal)
              signal.throwIfAborted()
              const { done, value } = await archive.next()
              if (!done) return controller.enqueue(value)
              controller.close()
              const { files, bytes, missing } = now
              end({ type: "done", files, bytes, missing: [...missing] })
            } catch (error) {
              fail(error)
              controller.error(error)
            }
          },
          cancel() {
            stop.abort()
            end({ type: "cancelled" })
          },
        },
        { highWaterMark: 0 },
      )
    },
  }
}
