"use client"

import { useTranslations } from "next-intl"
import { type ComponentProps, createContext, type ReactNode, useContext, useState } from "react"
import { ApiError, answerOf } from "#components/calls/api-call.ts"
import { onSubmit } from "#components/calls/on-submit.ts"
import { postForm } from "#components/calls/post-form.ts"
import { type Refused, refusedBy } from "#components/calls/use-call.ts"
import { Button } from "#components/ui/button.tsx"
import { Field } from "#components/ui/forms/field.tsx"
import { Notice } from "#components/ui/notice.tsx"
import type { RefusedForm } from "#lib/web/forms/refused-form.ts"

const Refusal = createContext<Refused | null>(null)

type EntryFormProps = {
  /** The URL that receives the form. */
  action: string
  /** Why the form was refused when it was sent without JavaScript. */
  refused: RefusedForm | null
  /** A notice until the form is sent. */
  notice?: string | null
  submitLabel: string
  /** A field that appears when the form is refused because a code is missing. */
  codeField?: ReactNode
  /** Whether it is shown from the start. */
  asksCode?: boolean
  /** The fields of the form; an EntryField shows its refusal. */
  children: ReactNode
}

/** After this time the form can be sent again, for instance if loading was cancelled. */
const AGAIN_MS = 10_000

/**
 * A plain form of a page before sign-in. With JavaScript it is sent without leaving the page, so
 * that a refusal clears no input, not even passwords, and a second click sends nothing.
 */
export function EntryForm(props: EntryFormProps) {
  const { action, refused, notice, submitLabel, codeField, asksCode = false, children } = props
  const t = useTranslations("common")
  const [isSent, setSent] = useState(false)
  const [problem, setProblem] = useState(problemOf(refused))
  const [hasCode, setHasCode] = useState(asksCode)
  const isOfField = FIELDS.includes(problem?.field ?? "")

  async function send(form: FormData) {
    setSent(true)
    setProblem(null)
    const answer = await answerOf(postForm(action, textsOf(form)))
    if (answer instanceof ApiError) {
      setSent(false)
      if (answer.field === "code") setHasCode(true)
      // The code field already says that a code is needed.
      if (answer.code === "code_required" && !hasCode) return
      setProblem(refusedBy(answer, t("noAnswer")))
      return
    }
    location.assign(answer)
    setTimeout(() => setSent(false), AGAIN_MS)
  }

  return (
    <form
      method="post"
      action={action}
      onSubmit={onSubmit((form) => void send(form))}
      className="flex flex-col gap-5"
    >
      {problem && !isOfField && <Notice tone="danger">{problem.message}</Notice>}
      {notice && !problem && <Notice>{notice}</Notice>}
      <Refusal value={problem}>
        {children}
        {hasCode && codeField}
      </Refusal>
      <Button type="submit" wide pending={isSent}>
        {submitLabel}
      </Button>
    </form>
  )
}

/** The names of the fields that people fill in. */
const FIELDS = ["name", "email", "password", "code"]

type EntryFieldProps = Omit<ComponentProps<typeof Field>, "name" | "error" | "children"> & {
  name: string
}

export function EntryField(props: EntryFieldProps) {
  const problem = useContext(Refusal)
  return <Field {...props} error={problem?.field === props.name && problem.message} />
}

function problemOf(refused: RefusedForm | null): Refused | null {
  if (!refused?.message) return null
  return { message: refused.message, field: refused.field ?? undefined }
}

const textsOf = (form: FormData) =>
  Object.fromEntries(
    [...form].flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])),
  )
