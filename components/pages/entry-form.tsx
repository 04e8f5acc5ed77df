"use client"

import { type ReactNode, useState } from "react"
import { Button } from "#components/ui/button.tsx"
import { Notice } from "#components/ui/notice.tsx"

type EntryFormProps = {
  /** The address that the form is sent to. */
  action: string
  notice: { tone: "plain" | "danger"; text: string } | null
  submitLabel: string
  /** Its fields. */
  children: ReactNode
}

/** A form may be sent again after this time, for instance where the browser stopped loading. */
const AGAIN_MS = 10_000

/** A plain form of a page before signing in. With JavaScript, a second click sends it once. */
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
