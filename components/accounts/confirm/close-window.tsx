"use client"

import { useEffect } from "react"

/** Closes the window that a page opened for a provider's sign-in; another window stays. */
export function CloseWindow() {
  useEffect(() => {
    if (window.opener) window.close()
  }, [])
  return null
}
