"use client"

import { useLocale, useTranslations } from "next-intl"
import { useEffect, useState } from "react"
import { formatBytes } from "#lib/format-bytes.ts"
import { secondsLeft, type Upload } from "#packages/uploader/upload.ts"
import { formatSeconds } from "./upload-time.ts"

/** How it stands with one upload, and what happens next. */
export function UploadWords({ upload }: { upload: Upload }) {
  const t = useTranslations("member.upload")
  const locale = useLocale()
  const { state, size, sentBytes, bytesPerSecond, problem, retryAt } = upload
  if (state === "waiting") {
    if (retryAt === null) return t("offlineWait")
    return (
      <>
        {problem && <Problem problem={problem} />} <Countdown until={retryAt} />
      </>
    )
  }
  if (state === "failed" && problem) return <Problem problem={problem} />
  const sent =
    (state === "sending" || state === "paused") &&
    t("sentOf", { sent: formatBytes(sentBytes, locale), size: formatBytes(size, locale) })
  if (state === "paused" && sentBytes > 0) return `${t("paused")} · ${sent}`
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

function Countdown({ until }: { until: number }) {
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
