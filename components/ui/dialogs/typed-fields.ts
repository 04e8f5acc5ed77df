"use client"

import { createContext, useContext, useEffect, useState } from "react"

/**
 * What was typed in dialogs and is not saved: by the dialog and its subject, then by field. It lives
 * in the memory of the tab. A field is kept because it asks for it here; a password never does.
 */
const kept = new Map<string, Map<string, string>>()

/** Forgets all of it: another member must not see it. */
export const forgetAllTyped = () => kept.clear()

export const readTyped = (dialog: string, field: string) => kept.get(dialog)?.get(field)

export const forgetTyped = (dialog: string) => kept.delete(dialog)

/** Keeps a field's value; null: it is as it was saved. */
export function keepTyped(dialog: string, field: string, value: string | null) {
  const fields = kept.get(dialog) ?? new Map<string, string>()
  if (value === null) fields.delete(field)
  else fields.set(field, value)
  if (fields.size > 0) kept.set(dialog, fields)
  else kept.delete(dialog)
}

/** What fields of a dialog need of it. */
export type Typing = {
  read: (field: string) => string | undefined
  keep: (field: string, value: string | null) => void
  /** A field begins with what was typed before. */
  onRestored: () => void
  forget: () => void
}

/** Of the dialog around a field; elsewhere nothing is kept. */
export const TypingContext = createContext<Typing>({
  read: () => undefined,
  keep: () => {},
  onRestored: () => {},
  forget: () => {},
})

/** For a dialog that stays open: says that what was typed so far is saved. */
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

/** State like that of useState: begins with what was typed into the field before, else with what is saved. */
export function useTyped(field: string, saved: string): [string, (value: string) => void] {
  const { first, keep } = useKept(field, saved)
  const [value, setValue] = useState(first)
  const change = (next: string) => {
    setValue(next)
    keep(next)
  }
  return [value, change]
}

/** State that is on or off. */
export function useTypedFlag(field: string, saved: boolean): [boolean, (on: boolean) => void] {
  const [value, change] = useTyped(field, String(saved))
  return [value === "true", (on) => change(String(on))]
}

/** Props of an input, a textarea or a select of a form. */
export function useTypedText(name: string, saved: string) {
  const { first, keep } = useKept(name, saved)
  return {
    name,
    defaultValue: first,
    onChange: (event: { currentTarget: { value: string } }) => keep(event.currentTarget.value),
  }
}

/** Props of a checkbox or switch of a form. */
export function useTypedBox(name: string, saved: boolean) {
  const { first, keep } = useKept(name, String(saved))
  return {
    name,
    defaultChecked: first === "true",
    onChange: (event: { currentTarget: { checked: boolean } }) =>
      keep(String(event.currentTarget.checked)),
  }
}
