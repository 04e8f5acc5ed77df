"use client"

import { type ReactNode, useEffect, useRef } from "react"
import { classNames } from "#components/ui/class-names.ts"
import { isTyping } from "./is-typing.ts"

type ActionErrorProps = {
  children: ReactNode
  className?: string
  /** Whether the error may appear while the user types elsewhere. The focus then stays there. */
  unasked?: boolean
}

/** Shows why an action failed, beside its button, and takes the focus. */
export function ActionError({ children, className, unasked = false }: ActionErrorProps) {
  const element = useRef<HTMLParagraphElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a changed message is focused again
  useEffect(() => {
    if (unasked && isTyping()) return
    element.current?.focus()
  }, [children, unasked])
  return (
    <p
      ref={element}
      role="alert"
      tabIndex={-1}
      className={classNames("text-sm text-danger", className)}
    >
      {children}
    </p>
  )
}
