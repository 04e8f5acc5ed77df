import "server-only"
import { log } from "#lib/adapters/monitoring/log.ts"
import { processWide } from "#lib/adapters/process-wide.ts"

const HOUR_MS = 3_600_000

type Warned = { sentence: string; at: number }

const held = () => processWide("head warning", (): { last: Warned | null } => ({ last: null }))

/** Warns about the head in the bucket: at once, and then once an hour while the problem lasts. */
export function warnOfHead(sentence: string, error?: unknown): void {
  const now = performance.now()
  const { last } = held()
  if (last?.sentence === sentence && now - last.at < HOUR_MS) return
  held().last = { sentence, at: now }
  log.warn(error === undefined ? {} : { error }, sentence)
}

/** Records that the head is in order, so that the next fault is logged at once. */
export function forgetHeadWarning(): void {
  held().last = null
}
