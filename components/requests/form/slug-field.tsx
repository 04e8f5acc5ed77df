"use client"

import { useTranslations } from "next-intl"
import { type ReactNode, useEffect, useState } from "react"
import { ApiError, answerOf } from "#components/calls/api-call.ts"
import { ask } from "#components/calls/ask.ts"
import { classNames } from "#components/ui/class-names.ts"
import { useTyped } from "#components/ui/dialogs/typed-fields.ts"
import { Field, Input } from "#components/ui/forms/field.tsx"

const DEBOUNCE_MS = 300
const SLUG = /^[a-z0-9-]{3,30}$/

type SlugFieldProps = {
  slug: string | null
  /** The request that has or gets it; null for a new one. */
  requestId: string | null
  error: ReactNode
}

/** The chosen address of a request, which is checked while it is typed. */
export function SlugField({ slug, requestId, error }: SlugFieldProps) {
  const t = useTranslations("member")
  const [typed, setTyped] = useTyped("slug", slug ?? "")
  const state = useSlugState(typed, { slug, requestId })
  const origin = typeof location === "undefined" ? "" : location.origin.replace(/^https?:\/\//, "")
  return (
    <Field
      label={t("requests.form.slug")}
      aside={t("conditions.optional")}
      hint={t("requests.form.slugHint")}
      error={error}
    >
      {(control) => (
        <>
          <div className="flex items-center gap-2" dir="ltr">
            <span className="shrink-0 text-sm text-soft max-sm:sr-only">{origin}/r/</span>
            <Input
              {...control}
              name="slug"
              value={typed}
              onChange={({ currentTarget }) =>
                setTyped(currentTarget.value.toLowerCase().replaceAll(/[\s_]/g, "-"))
              }
              maxLength={30}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              placeholder="photos"
              className="min-w-0 grow"
            />
          </div>
          {/* An error of the field would take the focus from where the owner is typing by then. */}
          <p
            role="status"
            className={classNames(
              "text-sm empty:hidden",
              state === "slugFree" ? "text-ok" : "text-danger",
            )}
          >
            {state !== "none" && state !== "checking" && t(`requests.form.${state}`)}
          </p>
        </>
      )}
    </Field>
  )
}

type SlugState = "none" | "checking" | "slugFree" | "slugTaken" | "slugShort"

/** Whether the typed address can be had. An answer that does not come says nothing. */
function useSlugState(
  typed: string,
  { slug, requestId }: Omit<SlugFieldProps, "error">,
): SlugState {
  const [known, setKnown] = useState<{ typed: string; state: SlugState }>({
    typed: "",
    state: "none",
  })
  const isKept = typed === "" || typed === slug
  useEffect(() => {
    if (isKept) return
    let isCurrent = true
    const timer = setTimeout(async () => {
      const state = SLUG.test(typed) ? await stateOf(typed, requestId) : "slugShort"
      if (isCurrent) setKnown({ typed, state })
    }, DEBOUNCE_MS)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [typed, isKept, requestId])
  if (isKept) return "none"
  return known.typed === typed ? known.state : "checking"
}

async function stateOf(slug: string, requestId: string | null): Promise<SlugState> {
  const query = { slug, ...(requestId !== null && { requestId }) }
  const answer = await answerOf(ask("GET /requests/slug", { query }))
  if (answer instanceof ApiError) return "none"
  return answer.free ? "slugFree" : "slugTaken"
}
