"use client"

import { useTranslations } from "next-intl"
import { createContext, type ReactNode, useCallback, useContext, useEffect, useState } from "react"
import { Button } from "#components/ui/button.tsx"
import { preloadDialogs } from "#components/ui/dialogs/dialog-parts.tsx"
import { onDemand, useOnDemand } from "#components/ui/parts/on-demand.ts"
import type { ToastInput } from "./toast-input.ts"

/** Toasts are loaded after the first press on a page: all report the effect of one. */
const toasts = onDemand(() => import("./toast-view.tsx"))

const Toasting = createContext<(toast: ToastInput) => void>(() => {})

const NONE: readonly ToastInput[] = []

/** Shows the toasts of all components below it. Used once, in the layout. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [waiting, setWaiting] = useState(NONE)
  const { part, failed } = useOnDemand(toasts, waiting.length > 0)
  const add = useCallback((toast: ToastInput) => setWaiting((before) => [...before, toast]), [])
  const remove = useCallback(
    (shown: readonly ToastInput[]) =>
      setWaiting((before) => before.filter((toast) => !shown.includes(toast))),
    [],
  )
  useEffect(preloadOnPress, [])
  return (
    <Toasting value={add}>
      {children}
      {part && <part.ToastView waiting={waiting} onShown={remove} />}
      {failed && waiting.length > 0 && (
        <PlainToasts toasts={waiting} onClose={() => setWaiting(NONE)} />
      )}
    </Toasting>
  )
}

/** Returns a function that shows a toast. The errors of a form are shown at its fields. */
export const useToast = (): ((toast: ToastInput) => void) => useContext(Toasting)

/** Toasts as plain text, for when their component could not be loaded. */
function PlainToasts({ toasts, onClose }: { toasts: readonly ToastInput[]; onClose: () => void }) {
  const t = useTranslations("common")
  return (
    <div
      role="alert"
      className="fixed end-4 bottom-22 start-4 z-60 rounded-xl bg-raised px-5 py-3 text-sm shadow-raised inset-ring inset-ring-line sm:start-auto sm:w-88 md:end-6 md:bottom-6"
    >
      {toasts.map(({ title, description, action }) => (
        <p key={title}>
          <strong>{title}</strong> {description}{" "}
          {action && (
            <Button variant="text" size="sm" onClick={action.onClick}>
              {action.label}
            </Button>
          )}
        </p>
      ))}
      <Button variant="text" size="sm" onClick={onClose}>
        {t("dismiss")}
      </Button>
    </div>
  )
}

/** Preloads toasts and dialogs on the first press, because it may open one; links open none. */
function preloadOnPress() {
  const presses = new AbortController()
  const options = { signal: presses.signal, capture: true, passive: true }
  const load = ({ target }: Event) => {
    if (target instanceof Element && target.closest("a")) return
    presses.abort()
    toasts.load()
    preloadDialogs()
  }
  window.addEventListener("pointerdown", load, options)
  window.addEventListener("keydown", load, options)
  return () => presses.abort()
}
