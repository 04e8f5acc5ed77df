"use client"

import { type ComponentProps, useEffect } from "react"
import { closeSessionEnded, useSessionEnd, watchSession } from "#components/calls/session-ended.ts"
import { onDemand } from "#components/ui/parts/on-demand.ts"
import { useShownPart } from "#components/ui/parts/part-loading.tsx"
import type { SignInAgain } from "./sign-in-again.tsx"

const dialog = onDemand(() => import("./sign-in-again.tsx"))

/** The dialog for a member whose session has ended, on every page of members. */
export function SignInAgainHost(props: ComponentProps<typeof SignInAgain>) {
  useEffect(watchSession, [])
  const { part, loading } = useShownPart(dialog, useSessionEnd() !== null, closeSessionEnded)
  return part ? <part.SignInAgain {...props} /> : loading
}
