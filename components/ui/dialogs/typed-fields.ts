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
  /** Whether changes are saved by themselves. Then a field follows `read` and the saved value. */
  savesItself?: boolean
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
  const { read, keep, onRestored, savesItself = false } = useContext(TypingContext)
  const [first] = useState(() => read(field))
  const before = savesItself ? read(field) : first
  const [isRestored] = useState(before !== undefined && before !== saved)
  useEffect(() => {
    if (isRestored) onRestored()
  }, [isRestored, onRestored])
  return {
    first: before ?? saved,
    savesItself,
    keep: (value: string) => keep(field, value === saved ? null : value),
  }
}

/**
 * State like useState's, which starts with a field's unsaved input, or with the saved value; where
 * changes save themselves it follows both.
 */
export function useTyped(field: string, saved: string): [string, (value: string) => void] {
  const { first, savesItself, keep } = useKept(field, saved)
  const [value, setValue] = useState(first)
  const change = (next: string) => {
    setValue(next)
    keep(next)
  }
  return [savesItself ? first : value, change]
}

/** A boolean state that starts with the field's unsaved input, otherwise with the saved value. */
export function useTypedFlag(field: string, saved: boolean): [boolean, (on: boolean) => void] {
  const [value, change] = useTyped(field, String(saved))
  return [value === "true", (on) => change(String(on))]
}

type TypedText = {
  name: string
  /** Where changes save themselves, in place of a value that only the field starts with. */
  value?: string
  defaultValue?: string
  onChange: (event: { currentTarget: { value: string } }) => void
}

/** Returns the props of an input, a textarea or a select whose unsaved input is kept. */
export function useTypedText(name: string, saved: string): TypedText {
  const { first, savesItself, keep } = useKept(name, saved)
  return {
    name,
    ...(savesItself ? { value: first } : { defaultValue: first }),
    onChange: (event) => keep(event.currentTarget.value),
  }
}

/** Returns the props of a checkbox or a switch whose unsaved state is kept. */
export function useTypedBox(name: string, saved: boolean) {
  const { first, savesItself, keep } = useKept(name, String(saved))
  const isOn = first === "true"
  return {
    name,
    ...(savesItself ? { checked: isOn } : { defaultChecked: isOn }),
    onChange: (event: { currentTarget: { checked: boolean } }) =>
      keep(String(event.currentTarget.checked)),
  }
}
