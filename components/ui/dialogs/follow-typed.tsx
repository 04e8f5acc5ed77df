"use client"

import { type ReactNode, useContext, useMemo } from "react"
import { type Typing, TypingContext } from "./typed-fields.ts"

type FollowTypedProps = {
  /** Called when a field below has a new unsaved value. Must be a stable function. */
  onTyped: () => void
  children: ReactNode
}

/** Calls `onTyped` when a field below is changed, even if there is no input event. */
export function FollowTyped({ onTyped, children }: FollowTypedProps) {
  const typing = useContext(TypingContext)
  const followed = useMemo<Typing>(
    () => ({
      ...typing,
      keep(field, value) {
        typing.keep(field, value)
        onTyped()
      },
    }),
    [typing, onTyped],
  )
  return <TypingContext value={followed}>{children}</TypingContext>
}
