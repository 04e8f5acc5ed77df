"use client"

import { useTranslations } from "next-intl"
import { useEffect, useEffectEvent, useState } from "react"
import { ApiError, answerOf } from "#components/calls/api-call.ts"
import { rememberZone } from "#components/time/remember-zone.ts"
import { Button } from "#components/ui/button.tsx"
import type { AnswerOf } from "#lib/api/ask-by.ts"

const DEBOUNCE_MS = 250

type Shown = AnswerOf<"POST /shares/{id}/preview-page">

export type PagePreviewViewProps = {
  formId: string
  /** Changes with each input in the form. */
  inputs: string
  /**
   * Fetches the page as the form has it; `opened`: after the password was entered and the share has
   * started. Throws ApiError.
   */
  draw: (form: FormData, opened: boolean) => Promise<Shown>
}

/** The visitor's page as the form has it. After an error, the last page stays. */
export function PagePreviewView({ formId, inputs, draw }: PagePreviewViewProps) {
  const t = useTranslations("member.preview")
  const noAnswer = useTranslations("common")("noAnswer")
  const [shown, setShown] = useState<Shown | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [opened, setOpened] = useState(false)
  const [hasGate, setGate] = useState(false)
  const [attempt, setAttempt] = useState(0)
  const [isDark, setDark] = useState(() => matchMedia("(prefers-color-scheme: dark)").matches)
  const drawNow = useEffectEvent(draw)

  // biome-ignore lint/correctness/useExhaustiveDependencies: each input of the form asks again
  useEffect(() => {
    let isCurrent = true
    const timer = setTimeout(async () => {
      const form = document.getElementById(formId)
      if (!(form instanceof HTMLFormElement)) return
      rememberZone() // the page has times
      const answer = await answerOf(drawNow(new FormData(form), opened))
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
  }, [formId, inputs, opened, attempt, noAnswer])

  return (
    <>
      <div className="mb-3 flex flex-wrap gap-x-6 gap-y-2">
        {(hasGate || opened) && (
          <Either
            label={t("stage")}
            texts={[t("first"), t("opened")]}
            second={opened}
            choose={setOpened}
          />
        )}
        <Either
          label={t("scheme")}
          texts={[t("light"), t("dark")]}
          second={isDark}
          choose={setDark}
        />
      </div>
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
        // With the page's origin fonts load. Without scripts, forms and windows, it allows nothing
        // else.
        <iframe
          title={t("frame")}
          sandbox="allow-same-origin"
          srcDoc={shown.html}
          // Sets the frame's prefers-color-scheme.
          style={{ colorScheme: isDark ? "dark" : "light" }}
          className="block h-110 w-full rounded-xl border border-line max-lg:h-[70dvh]"
        />
      ) : (
        problem === null && <p className="py-6 text-sm text-soft">{t("loading")}</p>
      )}
      <p className="mt-2 text-xs text-soft">{t("unsaved")}</p>
    </>
  )
}

type EitherProps = {
  label: string
  texts: [first: string, second: string]
  /** Whether the second text is chosen. */
  second: boolean
  choose: (second: boolean) => void
}

function Either({ label, texts, second, choose }: EitherProps) {
  return (
    <fieldset aria-label={label} className="flex flex-wrap gap-2">
      {texts.map((text, index) => (
        <Button
          key={text}
          variant="quiet"
          size="sm"
          aria-pressed={second === (index === 1)}
          className="aria-pressed:bg-selected aria-pressed:inset-ring-edge"
          onClick={() => choose(index === 1)}
        >
          {text}
        </Button>
      ))}
    </fieldset>
  )
}
