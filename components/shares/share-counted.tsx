import { useTranslations } from "next-intl"
import { DottedItem } from "#components/lists/dotted.tsx"
import type { ShareView } from "#lib/rooms/shares/share.ts"

type Counts = Pick<ShareView, "viewOnly" | "maxDownloads" | "previews" | "downloads" | "viewers">

type Counted =
  | { of: "downloads" | "viewers" | "used"; count: number; limit: number }
  | { of: "downloads" | "previews"; count: number; limit: null }

/**
 * Returns the number that is shown besides views: downloads or, for a view-only share, viewers if
 * they are limited and otherwise previews. "used": a share that was switched between both counts
 * them against one limit.
 */
export function countedOf(share: Counts): Counted {
  const { viewOnly, maxDownloads: limit, downloads, viewers, previews } = share
  const taken = downloads - viewers
  if (limit === null)
    return viewOnly
      ? { of: "previews", count: previews, limit }
      : { of: "downloads", count: taken, limit }
  const isMixed = viewers > 0 && taken > 0
  const isViewed = viewers > 0 || (viewOnly && taken === 0)
  return { of: isMixed ? "used" : isViewed ? "viewers" : "downloads", count: downloads, limit }
}

/** Returns a function that formats this number: "4 of 10 downloads", "3 previews". */
export function useCountedText() {
  const t = useTranslations("member.shares")
  return (share: Counts) => {
    const { of, count, limit } = countedOf(share)
    return t("counted", { of, count, limit: limit ?? 0, limited: limit === null ? "no" : "yes" })
  }
}

/** Whether the number is of visitors who only view files. */
const isOfViews = (share: Counts) => ["previews", "viewers"].includes(countedOf(share).of)

/** The number of previews or viewers, for the end of dotted facts on a wide screen; else nothing. */
export function ViewedCount({ share }: { share: Counts }) {
  const countedText = useCountedText()
  if (!isOfViews(share)) return null
  return <DottedItem className="max-lg:hidden">{countedText(share)}</DottedItem>
}

/** Formats downloads for their column, where they need no unit; a dash for a view-only share. */
export function ShareCounted({ share }: { share: Counts }) {
  const t = useTranslations("member.shares")
  const countedText = useCountedText()
  const { of, count, limit } = countedOf(share)
  if (isOfViews(share)) return <span className="text-soft">–</span>
  if (of === "used") return countedText(share)
  return (
    <span className="whitespace-nowrap">
      {t("downloadNumber", { count, limit: limit ?? 0, limited: limit === null ? "no" : "yes" })}
      <span className="sr-only"> {t("downloads")}</span>
    </span>
  )
}
