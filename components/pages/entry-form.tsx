"use client"

import { type ReactNode, useState } from "react"
import { Button } from "#components/ui/button.tsx"
import { Notice } from "#components/ui/notice.tsx"

type EntryFormProps = {
  /** The URL that receives the form. */
  action: string
  notice: { tone: "plain" | "danger"; text: string } | null
  submitLabel: string
  /** The fields of the form. */
  children: ReactNode
}

/** After this time the form can be sent again, for instance if loading was cancelled. */
const AGAIN_MS = 10_000

/**
 * A plain form of a page before sign-in. With JavaScript, a second click does not send it twice.
 */
export function EntryForm({ action, notice, submitLabel, children }: EntryFormProps) {
  const [sent, setSent] = useState(false)
  return (
    <form
      method="post"
      action={action}
      onSubmit={() => {
        setSent(true)
        setTimeout(() => setSent(false), AGAIN_MS)
      }}
      className="flex flex-col gap-5"
    >
      {notice && <Notice tone={notice.tone}>{notice.text}</Notice>}
      {children}
      <Button type="submit" wide pending={sent}>
        {submitLabel}
      </Button>
    </form>
  )
}
