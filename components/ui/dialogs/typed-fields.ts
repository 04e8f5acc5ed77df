"use client"

import { createContext, useContext, useEffect, useState } from "react"

/**
 * Unsaved input by dialog and subject, then by field. It is only in the tab's memory. Fields must
 * opt in through this module; password fields never do.
 */
const kept = new Map<string, Map<string, string>>()

/** Forgets all unsaved input, so that another member does not see it. */
export const forgetAllTyped = () => kept.clear()

export const readTyped = (dialog: string, field: string) => kept.get(dialog)?.get(field)

export const forgetTyped = (dialog: string) => kept.delete(dialog)

/** Keeps a field's value; null if the value equals the saved one. */
export function keepTyped(dialog: string, field: string, value: string | null) {
  const fields = kept.get(dialog) ?? new Map<string, string>()
  if (value === null) fields.delete(field)
  else fields.set(field, value)
  if (fields.size > 0) kept.set(dialog, fields)
  else kept.delete(dialog)
}

export type Typing = {
  read: (field: string) => string | undefined
  keep: (field: string, value: string | null) => void
  /** Called when a field starts with restored input. */
  onRestored: () => void
  forget: () => void
}

/** The functions of the surrounding dialog. Outside of a dialog nothing is kept. */
export const TypingContext = createContext<Typing>({
  read: () => undefined,
  keep: () => {},
  onRestored: () => {},
  forget: () => {},
})

/** Returns a function that marks the current input as saved, for a dialog that stays open. */
export const useTypedIsSaved = () => useContext(TypingContext).forget

function useKept(field: string, saved: string) {
  const { read, keep, onRestored } = useContext(TypingContext)
  const [before] = useState(() => read(field))
  const [isRestored] = useState(before !== undefined && before !== saved)
  useEffect(() => {
    if (isRestored) onRestored()
  }, [isRestored, onRestored])
  return {
    first: before ?? saved,
    keep: (value: string) => keep(field, value === saved ? null : value),
  }
}

/** State like useState's, which starts with a field's unsaved input, or with the saved value. */
export function useTyped(field: string, saved: string): [string, (value: string) => void] {
  const { first, keep } = useKept(field, saved)
  const [value, setValue] = useState(first)
  const change = (next: string) => {
    setValue(next)
    keep(next)
  }
  return [value, change]
}

/** A boolean state that starts with the field's unsaved input, otherwise with the saved value. */
export function useTypedFlag(field: string, saved: boolean): [boolean, (on: boolean) => void] {
  const [value, change] = useTyped(field, String(saved))
  return [value === "true", (on) => change(String(on))]
}

/** Returns the props of an input, a textarea or a select whose unsaved input is kept. */
export function useTypedText(name: string, saved: string) {
  const { first, keep } = useKept(name, saved)
  return {
    name,
    defaultValue: first,
    onChange: (event: { currentTarget: { value: string } }) => keep(event.currentTarget.value),
  }
}

/** Returns the props of a checkbox or a switch whose unsaved state is kept. */
export function useTypedBox(name: string, saved: boolean) {
  const { first, keep } = useKept(name, String(saved))
  return {
    name,
    defaultChecked: first === "true",
    onChange: (event: { currentTarget: { checked: boolean } }) =>
      keep(String(event.currentTarget.checked)),
  }
}
