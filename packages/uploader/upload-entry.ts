import "client-only"
import type { UploadView } from "#lib/files/file.ts"
import type { Tries } from "./failure.ts"
import type { PartsMeasure } from "./part-layout.ts"
import { createMeter } from "./rate-meter.ts"
import type { Upload, UploadSource } from "./upload.ts"

/** `start` makes the file's row, `send` brings the bytes, `finish` has the app ask the store. */
export type Stage = "start" | "send" | "finish"

/** All that the uploader knows of one upload. */
export type Entry = {
  readonly source: UploadSource
  view: Upload
  stage: Stage
  fileId: string | null
  /** Whether a file that an earlier page began can be gone on with, while that is found out. */
  adopting: Promise<boolean> | null
  /** The app was asked to start the file, and nobody knows whether it did. */
  wasAsked: boolean
  /** One PUT, used once: every retry asks for a fresh one. */
  order: { view: UploadView; at: number } | null
  /** Once the app said that the file goes in parts. */
  measure: PartsMeasure | null
  /** Parts the store has; null while it has to be asked. */
  stored: Set<number> | null
  sha256: Promise<string | null> | null
  /** The app forgot the file so many times. */
  restarts: number
  tries: Tries
  /** Of the run under way; a pause ends it. */
  run: AbortController | null
  /** Ends with the upload. */
  life: AbortController
  /** Gives back what says to other tabs that the upload runs here. */
  unlock: (() => void) | null
  meter: ReturnType<typeof createMeter>
  movedBytes: number
}

export function createEntry(id: string, source: UploadSource, tries: Tries): Entry {
  const { name, path, contentType, body } = source
  return {
    source,
    view: {
      id,
      fileId: null,
      name,
      path,
      size: body.size,
      contentType,
      state: "queued",
      sentBytes: 0,
      bytesPerSecond: null,
      retryAt: null,
      problem: null,
      resumable: false,
      file: null,
    },
    stage: "start",
    fileId: null,
    adopting: null,
    wasAsked: false,
    order: null,
    measure: null,
    stored: null,
    sha256: null,
    restarts: 0,
    tries,
    run: null,
    life: new AbortController(),
    unlock: null,
    meter: createMeter(),
    movedBytes: 0,
  }
}
