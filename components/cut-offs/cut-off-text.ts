import type { useTranslations } from "next-intl"
import type { CutOffView } from "#lib/rooms/cut-offs/cut-off.ts"

type Words = ReturnType<typeof useTranslations<"common.cutOff">>

/** Formats the duration of a cut off: "34 ms", "2.4 s", "3 min". */
export function tookText({ requestedAt, doneAt }: CutOffView, words: Words): string {
  const ms = Math.max(
    1,
    new Date(doneAt ?? requestedAt).getTime() - new Date(requestedAt).getTime(),
  )
  if (ms < 1_000) return words("ms", { count: ms })
  if (ms < 10_000) return words("s", { count: Math.round(ms / 100) / 10 })
  if (ms < 600_000) return words("s", { count: Math.round(ms / 1_000) })
  return words("min", { count: Math.round(ms / 60_000) })
}

/** Whether a cut off blocks URLs that were handed out, now or once it is done. */
export const blocksLinks = (cutOff: CutOffView | null): boolean =>
  cutOff !== null && cutOff.how !== "nothing_out"

/** Describes a cut off and the result of its probe. */
export function cutOffText(cutOff: CutOffView, words: Words): string {
  if (cutOff.state !== "done") return words(cutOff.state)
  return words(`done.${resultOf(cutOff)}`, { time: tookText(cutOff, words) })
}

/** The result that the probe of a finished cut off shows. */
export function resultOf({
  how,
  probe,
}: CutOffView): "none" | "unchecked" | "alive" | "after" | "both" {
  if (!probe) return how === "nothing_out" ? "none" : "unchecked"
  if (probe.status < 400) return "alive"
  return probe.before === null ? "after" : "both"
}

/** Describes how the store ended the URLs and the statuses of the probe; null without either. */
export function cutOffDetailsText(
  { state, how, objects, probe }: CutOffView,
  words: Words,
): string | null {
  if (state !== "done" || how === null || (how === "nothing_out" && !probe)) return null
  const ended = words(`how.${how}`, { objects })
  if (!probe) return ended
  const { before, status: after } = probe
  const tested =
    before === null ? words("probe.after", { after }) : words("probe.both", { before, after })
  return `${ended} ${tested}`
}
