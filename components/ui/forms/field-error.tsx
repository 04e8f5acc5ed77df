"use client"

import { type ReactNode, useEffect } from "react"
import { isTyping } from "./is-typing.ts"

/**
 * A control's error. The control takes the focus, unless another form has it, or its form saves
 * itself while its reader goes on.
 */
export function FieldError({ id, children }: { id: string; children: ReactNode }) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: a changed message is focused again
  useEffect(() => {
    const control = document.querySelector<HTMLElement>(`[aria-describedby~="${CSS.escape(id)}"]`)
    const form = control?.closest("form")
    if (form?.hasAttribute("data-saves-itself")) return
    if (isTyping() && document.activeElement?.closest("form") !== form) return
    control?.focus()
  }, [id, children])
  return (
    <p id={id} role="alert" className="text-sm text-danger">
      {children}
    </p>
  )
}
