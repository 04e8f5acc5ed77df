import "server-only"
import { log } from "#lib/log.ts"

const HOUR_MS = 3_600_000

type Warned = { sentence: string; at: number }

// Next's bundle and natively loaded code are two instances of this module.
const held = globalThis as typeof globalThis & { lapseHeadWarned?: Warned | undefined }

/** Warns about the head in the bucket: at once, and once an hour while it stays so. */
export function warnOfHead(sentence: string, error?: unknown, now = performance.now()): void {
  const { sentence: last, at = 0 } = held.lapseHeadWarned ?? {}
  if (last === sentence && now - at < HOUR_MS) return
  held.lapseHeadWarned = { sentence, at: now }
  log.warn(error === undefined ? {} : { error }, sentence)
}

/** The head is in order: what is wrong next is said at once. */
export function forgetHeadWarning(): void {
  held.lapseHeadWarned = undefined
}
