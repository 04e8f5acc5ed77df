import "client-only"
import { createRateMeter, type RateMeter } from "../../transfer/rate-meter.ts"
import type { PartLayout } from "../parts/part-layout.ts"
import type { Failure } from "../transport/failure.ts"
import type { Retries } from "../transport/retry.ts"
import type { IfTaken, Upload, UploadSource } from "../upload.ts"
import type { SinglePut } from "../upload-protocol.ts"

/**
 * Where a run of the upload begins. `start`: the app creates the record. `send`: the bytes go to
 * the store. `finish`: the app checks what the store has.
 */
export type Stage = "start" | "send" | "finish"

export type Entry = {
  readonly source: UploadSource
  /** The action if the name is taken; null to wait for `resolve`. */
  ifTaken: IfTaken | null
  view: Upload
  stage: Stage
  /** The record that this upload fills. One that had arrived before is never deleted from here. */
  fileId: string | null
  /** From 2 on, the number in the name of a copy, because other files have the names before. */
  copy: number
  /** The file whose place it takes. */
  replaces: string | null
  /** Pending while the uploader looks for an unfinished upload that it can adopt. */
  adopting: Promise<boolean | Failure> | null
  /** The instructions for one attempt. Every retry requests a fresh URL. */
  put: { instructions: SinglePut; receivedAt: number } | null
  /** The parts of the file, once the app has said that it is sent in parts; otherwise null. */
  layout: PartLayout | null
  /** The parts that the store has; null if the store has to be asked. */
  storedParts: Set<number> | null
  sha256: Promise<string | null> | null
  /** How often the app has deleted the record, so that the upload began again. */
  restarts: number
  retries: Retries
  run: AbortController | null
  /** Aborts when the run is paused. It starts no more parts; those in flight are completed. */
  pause: AbortController
  /** Aborts when the upload is removed. */
  lifetime: AbortController
  /** Releases the lock that keeps other tabs from sending the same file. */
  unlock: (() => void) | null
  /** Gets an event when a wait before a retry is to end. */
  waker: EventTarget
  rate: RateMeter
  movedBytes: number
}

export function createEntry(id: string, source: UploadSource, retries: Retries): Entry {
  const { name, path, contentType, body, ifTaken = null } = source
  return {
    source,
    ifTaken,
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
      earlier: null,
      taken: null,
      resumable: false,
      file: null,
    },
    stage: "start",
    fileId: null,
    copy: 1,
    replaces: null,
    adopting: null,
    put: null,
    layout: null,
    storedParts: null,
    sha256: null,
    restarts: 0,
    retries,
    run: null,
    pause: new AbortController(),
    lifetime: new AbortController(),
    unlock: null,
    waker: new EventTarget(),
    rate: createRateMeter(),
    movedBytes: 0,
  }
}

/** Ends the delay of a waiting upload. */
export const wake = ({ waker }: Entry) => waker.dispatchEvent(new Event("wake"))
