"use client"

import { useTranslations } from "next-intl"
import { type ReactNode, useEffect, useRef, useState } from "react"
import type { Button } from "#components/ui/button.tsx"
import { downloadFiles, type Progress } from "./download-files.ts"

/** One claim, then every file that is ready, one download after another. Needs JavaScript, and is not there without. */
export function DownloadAll({ token, children }: { token: string; children: ReactNode }) {
  const t = useTranslations("visitor")
  const [alive, setAlive] = useState(false)
  const [progress, setProgress] = useState<Progress | null>(null)
  const abort = useRef<AbortController>(null)
  const running = progress?.state === "started" || progress?.state === "waiting"

  useEffect(() => {
    setAlive(true)
    return () => abort.current?.abort()
  }, [])

  async function start() {
    const controller = new AbortController()
    abort.current = controller
    await downloadFiles({ token, signal: controller.signal, onProgress: setProgress })
  }

  return (
    <div className="needs-script print:hidden" data-alive={alive || undefined}>
      <Button wide onClick={start} pending={running}>
        {children}
      </Button>
      <div className="flex items-start justify-between gap-4 text-sm text-soft">
        <p role="status" className={progress ? "mt-3" : undefined}>
          {progress && <Words progress={progress} />}
        </p>
        {running && (
          <Button
            variant="text"
            size="sm"
            className="mt-1.5"
            onClick={() => abort.current?.abort()}
          >
            {t("all.stop")}
          </Button>
        )}
      </div>
    </div>
  )
}

function Words({ progress }: { progress: Progress }) {
  const t = useTranslations("visitor.all")
  const { done, total } = progress
  switch (progress.state) {
    case "started":
      return done === 0 ? t("starting") : t("started", { done, total })
    case "waiting":
      return t("waiting", { done, total })
    case "done":
      return t("done", { total })
    case "stopped":
      return t("stopped", { done, total })
    case "failed":
      return progress.reason
        ? t("refused", { done, total, reason: progress.reason })
        : t("failed", { done, total })
  }
}
