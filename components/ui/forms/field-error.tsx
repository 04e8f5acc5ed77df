"use client"

import { type ReactNode, useEffect } from "react"
import { isTyping } from "./is-typing.ts"

/** A control's error. The control takes the focus, unless another form has it. */
export function FieldError({ id, children }: { id: string; children: ReactNode }) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: a changed message is focused again
  useEffect(() => {
    const control = document.querySelector<HTMLElement>(`[aria-describedby~="${CSS.escape(id)}"]`)
    const form = control?.closest("form")
    if (isTyping() && document.activeElement?.closest("form") !== form) return
    control?.focus()
  }, [id, children])
  return (
    <p id={id} role="alert" className="text-sm text-danger">
      {children}
    </p>
  )
}
