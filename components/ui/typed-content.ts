"use client"

import { type FormEvent, useEffect, useEffectEvent, useRef, useState } from "react"

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement

/** What someone typed or chose in an element, as long as it is not saved. */
export function useTypedContent() {
  const before = useRef(new WeakMap<Control, string>())
  const touched = useRef(new Set<Control>())
  const [isTyped, setTyped] = useState(false)

  function isDirty() {
    for (const control of touched.current)
      if (control.isConnected && contentOf(control) !== before.current.get(control)) return true
    return false
  }

  function remember(control: Control, value: string) {
    if (!before.current.has(control)) before.current.set(control, value)
  }

  return {
    isDirty,
    /** Whether anything was ever typed; it stays so until `forget`. */
    isTyped,
    /** What was typed is saved or given up. */
    forget() {
      before.current = new WeakMap()
      touched.current.clear()
      setTyped(false)
    },
    /** Props of the element that is watched. */
    watch: {
      onFocusCapture({ target }: { target: EventTarget }) {
        if (isControl(target)) remember(target, contentOf(target))
      },
      // Not while it is captured: React would render before the field's own listener has the letter,
      // and put back what stood there.
      onInput({ target }: FormEvent) {
        if (!isControl(target)) return
        // A box may be ticked without the focus; a choice that had none counts as another.
        remember(target, isBox(target) ? String(!target.checked) : "\u0000")
        touched.current.add(target)
        setTyped(true)
      },
    },
  }
}

export type TypedContent = ReturnType<typeof useTypedContent>

/**
 * While something is typed, the browser asks before the page is left, and Back calls `onLeave` in
 * place of leaving.
 */
export function useLeaveGuard(isTyped: boolean, isDirty: () => boolean, onLeave: () => void) {
  const dirty = useEffectEvent(isDirty)
  const leave = useEffectEvent(onLeave)
  useEffect(() => {
    if (!isTyped) return
    const listeners = new AbortController()
    const options = { signal: listeners.signal, capture: true }
    const page = { url: location.href, state: history.state }
    const confirmUnload = (event: BeforeUnloadEvent) => {
      if (dirty()) event.preventDefault()
    }
    const onBack = (event: PopStateEvent) => {
      if (!event.isTrusted) return
      event.stopImmediatePropagation()
      if (!dirty()) return history.back()
      if (location.href !== page.url) stayOn(page)
      addEntry(page)
      leave()
    }
    addEntry(page)
    window.addEventListener("beforeunload", confirmUnload, options)
    window.addEventListener("popstate", onBack, options)
    return () => {
      listeners.abort()
      removeEntry()
    }
  }, [isTyped])
}

const MARK = "lapseTyped"

type Entry = { url: string; state: object | null }

/** An entry for Back to leave. */
const addEntry = ({ url, state }: Entry) => push({ url, state: { ...state, [MARK]: true } })

/**
 * Back may go further than that entry, as from its menu. The router's listener runs first and starts
 * that navigation: an event with this page's state replaces it.
 */
function stayOn(page: Entry) {
  push(page)
  window.dispatchEvent(new PopStateEvent("popstate", { state: page.state }))
}

/** The router's own pushState would render the page again. */
const push = ({ url, state }: Entry) => History.prototype.pushState.call(history, state, "", url)

function removeEntry() {
  if (!history.state?.[MARK]) return
  window.addEventListener("popstate", (event) => event.stopImmediatePropagation(), {
    capture: true,
    once: true,
  })
  history.back()
}

const isControl = (target: EventTarget): target is Control =>
  target instanceof HTMLInputElement ||
  target instanceof HTMLTextAreaElement ||
  target instanceof HTMLSelectElement

const isBox = (control: Control): control is HTMLInputElement =>
  control instanceof HTMLInputElement && ["checkbox", "radio"].includes(control.type)

const contentOf = (control: Control) => (isBox(control) ? String(control.checked) : control.value)
