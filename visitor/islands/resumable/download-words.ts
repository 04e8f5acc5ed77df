import { durationParts } from "#components/time/format-time.ts"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import { numberFormat } from "#lib/adapters/text/intl-formatters.ts"
import type { DownloadSnapshot } from "#packages/downloader/download.ts"
import type { Problem } from "#packages/downloader/problem.ts"
import { locale, t } from "../page-data.ts"

/** The text "12 MB of 100 MB · 8 MB/s · 2 minutes left". */
export function amountText(snapshot: DownloadSnapshot): string {
  const { file, state, writtenBytes, bytesPerSecond } = snapshot
  const bytes = (value: number) => formatBytes(value, locale)
  if (state === "done") return bytes(file.size)
  const amount = t("visitor.islands.resumable.amount", {
    done: bytes(writtenBytes),
    total: bytes(file.size),
  })
  if (!bytesPerSecond) return amount
  const left = Math.max(1_000, ((file.size - writtenBytes) / bytesPerSecond) * 1_000)
  const duration = durationParts(left)
    .map(({ unit, count }) => t(`common.${unit}`, { count }))
    .join(" ")
  return [
    amount,
    t("visitor.islands.resumable.rate", { rate: bytes(bytesPerSecond) }),
    t("visitor.islands.resumable.left", { duration }),
  ].join(" · ")
}

/** The state of a download as a text beside the numbers. */
export function stateText(snapshot: DownloadSnapshot): string {
  const { state, waiting, problem, file } = snapshot
  switch (state) {
    case "paused":
      return t("visitor.islands.resumable.paused")
    case "checking":
      return t("visitor.islands.resumable.checking")
    case "elsewhere":
      return t("visitor.islands.resumable.elsewhere")
    case "failed":
      return problem ? failureText(problem) : ""
    case "done":
      return file.sha256 === null
        ? t("visitor.islands.resumable.notStated")
        : t("visitor.islands.resumable.verified")
    default:
      return waiting ? waitText(waiting) : ""
  }
}

export const percentText = (part: number) =>
  numberFormat(locale, { style: "percent", maximumFractionDigits: 0 }).format(part)

function waitText({ code }: Problem): string {
  if (code === "offline") return t("visitor.islands.resumable.wait.offline")
  return code === "busy"
    ? t("visitor.islands.resumable.wait.busy")
    : t("visitor.islands.resumable.wait.noAnswer")
}

const FAILURES = {
  store_refused: "visitor.islands.resumable.failed.store",
  replaced: "visitor.islands.resumable.failed.replaced",
  no_ranges: "visitor.islands.resumable.failed.noRanges",
  wrong_digest: "visitor.islands.resumable.failed.wrongDigest",
  no_room: "visitor.islands.resumable.failed.noRoom",
  not_writable: "visitor.islands.resumable.failed.notWritable",
} as const

function failureText({ code, message }: Problem): string {
  if (code in FAILURES) return t(FAILURES[code as keyof typeof FAILURES])
  return message ?? t("visitor.islands.resumable.failed.store")
}
