import type { CutOffView } from "#lib/cut-offs/cut-off.ts"

/** Translates the messages of "common.cutOff". */
export type CutOffWords = (
  key:
    | "running"
    | "failed"
    | "head"
    | "ms"
    | "s"
    | "min"
    | `how.${NonNullable<CutOffView["how"]>}`
    | `probe.${"none" | "failed" | "after" | "both" | "alive"}`,
  values?: Record<string, string | number>,
) => string

/** Formats the duration of a cut off: "34 ms", "2.4 s", "3 min". */
export function tookText({ requestedAt, doneAt }: CutOffView, words: CutOffWords): string {
  const ms = Math.max(
    1,
    new Date(doneAt ?? requestedAt).getTime() - new Date(requestedAt).getTime(),
  )
  if (ms < 1_000) return words("ms", { count: ms })
  if (ms < 10_000) return words("s", { count: Math.round(ms / 100) / 10 })
  if (ms < 600_000) return words("s", { count: Math.round(ms / 1_000) })
  return words("min", { count: Math.round(ms / 60_000) })
}

/** Describes how a finished cut off ended the URLs, and the result of the probe. */
export function endedText({ how, objects, probe }: CutOffView, words: CutOffWords): string {
  const ended = words(`how.${how ?? "nothing_out"}`, { objects })
  if (!probe) return words(how === "nothing_out" ? "probe.none" : "probe.failed", { ended })
  const { before, status: after } = probe
  if (after < 400) return words("probe.alive", { ended, after })
  return before === null
    ? words("probe.after", { ended, after })
    : words("probe.both", { ended, before, after })
}

/** Describes a cut off in one sentence. */
export function cutOffText(cutOff: CutOffView, words: CutOffWords): string {
  if (cutOff.state !== "done") return words(cutOff.state)
  return `${words("head", { time: tookText(cutOff, words) })} ${endedText(cutOff, words)}`
}
