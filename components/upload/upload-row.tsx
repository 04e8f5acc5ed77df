"use client"

import { RotateCw, X } from "lucide-react"
import { useLocale, useTranslations } from "next-intl"
import { memo, useEffect, useState } from "react"
import { tabUploader } from "#lib/browser/tab-uploader.ts"
import { secondsLeft, type Upload } from "#lib/browser/upload.ts"
import { formatBytes } from "../format-bytes.ts"
import { Button } from "../ui/button.tsx"
import { classNames } from "../ui/class-names.ts"
import { FileKind } from "../ui/file-kind.tsx"
import { Progress } from "../ui/progress.tsx"
import { formatSeconds } from "./upload-time.ts"

/** One file on its way. */
export const UploadRow = memo(function UploadRow({ upload }: { upload: Upload }) {
  const t = useTranslations("member.upload")
  const { id, name, size, state, sentBytes } = upload
  const again = state === "failed" || state === "waiting"
  const moving = state !== "stored" && state !== "failed"
  return (
    <li className="flex items-center gap-3.5 border-line py-3.25 not-first:border-t [contain-intrinsic-size:auto_4.5rem] [content-visibility:auto]">
      <FileKind name={name} />
      <div className="min-w-0 grow">
        <div className="flex items-baseline gap-x-3.5 max-sm:flex-col">
          <span className="max-w-full min-w-0 grow truncate" title={name}>
            {name}
          </span>
          <span
            className={classNames(
              "text-sm",
              state === "stored" && "text-ok",
              state === "failed" && "text-danger",
              state !== "stored" && state !== "failed" && "shrink-0 text-soft",
            )}
          >
            <Words upload={upload} />
          </span>
        </div>
        {moving && (
          <div className="mt-2">
            <Progress
              label={t("progressOf", { name })}
              fraction={size > 0 ? sentBytes / size : 0}
            />
          </div>
        )}
      </div>
      {state !== "stored" && (
        <div className="flex shrink-0 items-center">
          {again && (
            <Button
              variant="text"
              size="sm"
              aria-label={t(state === "failed" ? "retryOf" : "nowOf", { name })}
              onClick={() => tabUploader().retry(id)}
            >
              <RotateCw aria-hidden size={16} />
              <span className="max-sm:hidden">{t(state === "failed" ? "retry" : "now")}</span>
            </Button>
          )}
          <button
            type="button"
            aria-label={t(state === "failed" ? "removeOf" : "cancelOf", { name })}
            title={t(state === "failed" ? "remove" : "cancel")}
            onClick={() => tabUploader().cancel(id)}
            className="-mr-2 grid size-10 place-items-center rounded-lg text-soft hover:bg-wash hover:text-ink"
          >
            <X aria-hidden size={18} />
          </button>
        </div>
      )}
    </li>
  )
})

function Words({ upload }: { upload: Upload }) {
  const t = useTranslations("member.upload")
  const locale = useLocale()
  const { state, size, sentBytes, bytesPerSecond, problem, retryAt } = upload
  if (state === "waiting") {
    return (
      <>
        {problem && <Problem problem={problem} />}{" "}
        {retryAt === null ? t("offlineWait") : <Countdown until={retryAt} />}
      </>
    )
  }
  if (state === "failed" && problem) return <Problem problem={problem} />
  if (state !== "sending") return t(state)
  const left = secondsLeft({ sizeBytes: size, sentBytes, bytesPerSecond })
  return [
    t("sentOf", { sent: formatBytes(sentBytes, locale), size: formatBytes(size, locale) }),
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
