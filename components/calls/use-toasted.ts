"use client"

import { useToast } from "#components/ui/overlays/toast.tsx"
import { useCall, useRefreshing } from "./use-call.ts"

/** Like useCall, for an action without a place to show a refusal, which appears as a toast. */
export function useToastedCall() {
  const toast = useToast()
  return useCall(({ message }) => toast({ title: message, tone: "danger" }))
}

/** Like useChange, for an action without a place to show a refusal, which appears as a toast. */
export const useToastedChange = () => useRefreshing(useToastedCall())
