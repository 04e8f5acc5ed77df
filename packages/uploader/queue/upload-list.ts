import "client-only"
import { randomId } from "../../transfer/random-id.ts"
import { createRateMeter } from "../../transfer/rate-meter.ts"
import type { Retries } from "../transport/retry.ts"
import { isActive, type Upload, type UploadSource } from "../upload.ts"
import { totalUploads } from "../uploads-snapshot.ts"
import { createEntry, type Entry } from "./upload-entry.ts"

/** The uploads of an uploader in the order they were added. `onChange` follows each change. */
export function createUploadList(onChange: (patch: Partial<Upload>) => void) {
  const entries = new Map<string, Entry>()
  const totalRate = createRateMeter()
  /** All bytes sent so far. Unlike the sent bytes of a file, this never falls. */
  let movedBytes = 0

  function change(entry: Entry, patch: Partial<Upload>) {
    entry.view = { ...entry.view, ...patch }
    onChange(patch)
  }

  return {
    add(source: UploadSource, retries: Retries) {
      const entry = createEntry(randomId(), source, retries)
      entries.set(entry.view.id, entry)
      return entry
    },
    remove: (entry: Entry) => entries.delete(entry.view.id),
    get: (id: string) => entries.get(id),
    count: () => entries.size,
    all: () => Array.from(entries.values()),
    has: (entry: Entry) => entries.get(entry.view.id) === entry,
    change,

    /** Records how many bytes of a file are sent, and measures the rates. */
    progress(entry: Entry, sentBytes: number) {
      const now = Date.now()
      const moved = Math.max(0, sentBytes - entry.view.sentBytes)
      entry.movedBytes += moved
      movedBytes += moved
      entry.rate.add(now, entry.movedBytes)
      totalRate.add(now, movedBytes)
      change(entry, { sentBytes, bytesPerSecond: entry.rate.rate(now) })
    },

    snapshot() {
      const uploads = Array.from(entries.values(), ({ view }) => view)
      const rate = uploads.some(isActive) ? totalRate.rate(Date.now()) : null
      return { uploads, totals: totalUploads(uploads, rate) }
    },
  }
}

export type UploadList = ReturnType<typeof createUploadList>
