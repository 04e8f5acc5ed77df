import "server-only"
import { log, messageOf } from "#lib/adapters/monitoring/log.ts"
import { processWide } from "#lib/adapters/process-wide.ts"

const WINDOW_MS = 60_000

type Window = { count: number; last: unknown }

/**
 * Logs an outage: first with its cause, then once a minute with the number of failures. Logging
 * every request would fill the disk with the same stack.
 */
export function logOutage(error: unknown, sentence: string): void {
  const outages = processWide("outages", () => new Map<string, Window>())
  const window = outages.get(sentence)
  if (window) {
    window.count += 1
    window.last = error
    return
  }
  log.warn({ because: messageOf(error) }, sentence)
  outages.set(sentence, { count: 0, last: error })
  const timer = setInterval(() => {
    const { count, last } = outages.get(sentence) ?? { count: 0, last: null }
    if (count === 0) {
      outages.delete(sentence)
      clearInterval(timer)
      return
    }
    outages.set(sentence, { count: 0, last: null })
    log.warn(
      { count, because: messageOf(last) },
      `${sentence} Met ${count} times in the last minute.`,
    )
  }, WINDOW_MS)
  timer.unref()
}
