"use client"

import { useTranslations } from "next-intl"
import { useEffect, useState } from "react"
import { ApiError, answerOf } from "#components/calls/api-call.ts"
import { ask } from "#components/calls/ask.ts"
import { Button } from "#components/ui/button.tsx"
import type { LinkPage } from "#lib/rooms/claims/open/link-page.ts"
import { previewConditions } from "./preview-conditions.ts"

const DEBOUNCE_MS = 250

type PagePreviewViewProps = { shareId: string; formId: string; inputs: number }

type Shown = { state: LinkPage["state"]; html: string }

/** The visitor's page under the conditions in the form. After an error, the last page stays. */
export function PagePreviewView({ shareId, formId, inputs }: PagePreviewViewProps) {
  const t = useTranslations("member.preview")
  const noAnswer = useTranslations("common")("noAnswer")
  const [shown, setShown] = useState<Shown | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [opened, setOpened] = useState(false)
  const [hasGate, setGate] = useState(false)
  const [attempt, setAttempt] = useState(0)

  // biome-ignore lint/correctness/useExhaustiveDependencies: each input of the form asks again
  useEffect(() => {
    let isCurrent = true
    const timer = setTimeout(async () => {
      const form = document.getElementById(formId)
      if (!(form instanceof HTMLFormElement)) return
      const conditions = previewConditions(new FormData(form))
      const answer = await answerOf(
        ask(
          "POST /shares/{id}/preview-page",
          { id: shareId, body: { ...conditions, opened } },
          { reads: true },
        ),
      )
      if (!isCurrent) return
      if (answer instanceof ApiError) return setProblem(answer.message || noAnswer)
      setProblem(null)
      setShown(answer)
      if (!opened) setGate(answer.state === "locked" || answer.state === "scheduled")
    }, DEBOUNCE_MS)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [shareId, formId, inputs, opened, attempt, noAnswer])

  return (
    <>
      {(hasGate || opened) && (
        <fieldset aria-label={t("stage")} className="mb-3 flex flex-wrap gap-2">
          {[false, true].map((each) => (
            <Button
              key={String(each)}
              variant="quiet"
              size="sm"
              aria-pressed={opened === each}
              className="aria-pressed:bg-selected aria-pressed:inset-ring-edge"
              onClick={() => setOpened(each)}
            >
              {t(each ? "opened" : "first")}
            </Button>
          ))}
        </fieldset>
      )}
      {problem !== null && (
        <div role="alert" className="mb-3 text-sm">
          <p className="text-danger">{t("problem", { problem })}</p>
          <Button
            variant="text"
            size="sm"
            className="-ms-3.25"
            onClick={() => setAttempt(attempt + 1)}
          >
            {t("again")}
          </Button>
        </div>
      )}
      {shown ? (
        // It has the page's origin, so that fonts load. Without scripts, forms and windows, that
        // gives it no other access.
        <iframe
          title={t("frame")}
          sandbox="allow-same-origin"
          srcDoc={shown.html}
          className="block h-130 w-full rounded-xl border border-line bg-paper max-lg:h-[70dvh]"
        />
      ) : (
        problem === null && <p className="py-6 text-sm text-soft">{t("loading")}</p>
      )}
      <p className="mt-2 text-xs text-soft">{t("unsaved")}</p>
    </>
  )
}
