"use client"

import { useLocale, useTranslations } from "next-intl"
import { useEffect, useState } from "react"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import type { Upload } from "#packages/uploader/upload.ts"
import { secondsLeft } from "#packages/uploader/uploads-snapshot.ts"

/** The state of one upload as text, and when it is retried. */
export function UploadStatus({ upload }: { upload: Upload }) {
  const t = useTranslations("member.upload")
  const locale = useLocale()
  const { state, size, sentBytes, bytesPerSecond, problem, retryAt, earlier } = upload
  if (state === "waiting") {
    if (retryAt === null) return t("offlineWait")
    return (
      <>
        {problem && <Problem problem={problem} />} <RetryCountdown until={retryAt} />
      </>
    )
  }
  if (state === "failed" && problem) return <Problem problem={problem} />
  const sent =
    (state === "sending" || state === "paused") &&
    t("sentOf", { sent: formatBytes(sentBytes, locale), size: formatBytes(size, locale) })
  if (state === "paused" && sentBytes > 0) return `${t("paused")} · ${sent}`
  if (state === "stored" && earlier === "arrived") return t("there")
  if (state !== "sending") return t(state)
  const left = secondsLeft({ sizeBytes: size, sentBytes, bytesPerSecond })
  return [
    sent,
    bytesPerSecond && t("speed", { speed: formatBytes(bytesPerSecond, locale) }),
    left !== null && t("left", { time: formatSeconds(left, locale) }),
  ]
    .filter(Boolean)
    .join(" · ")
}

function Problem({ problem }: { problem: NonNullable<Upload["problem"]> }) {
  const t = useTranslations("member.upload.problem")
  return problem.message ?? t(problem.code)
}

function RetryCountdown({ until }: { until: number }) {
  const t = useTranslations("member.upload")
  const locale = useLocale()
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500)
    return () => clearInterval(timer)
  }, [])
  const seconds = Math.max(0, Math.ceil((until - now) / 1_000))
  return t("againIn", { time: formatSeconds(seconds, locale) })
}

/** Formats seconds in the largest suitable unit: "31 sec", "4 min", "2.5 hr". */
export function formatSeconds(seconds: number, locale: string): string {
  const format = (value: number, unit: "second" | "minute" | "hour") =>
    new Intl.NumberFormat(locale, {
      style: "unit",
      unit,
      unitDisplay: "short",
      maximumFractionDigits: unit === "hour" ? 1 : 0,
    }).format(value)
  if (seconds < 60) return format(seconds, "second")
  if (seconds < 3_600) return format(Math.round(seconds / 60), "minute")
  return format(seconds / 3_600, "hour")
}
