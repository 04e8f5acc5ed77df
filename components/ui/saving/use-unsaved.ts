"use client"

import { type RefObject, useEffect, useEffectEvent, useReducer, useRef, useState } from "react"

export type Unsaved<Name> = {
  form: RefObject<HTMLFormElement | null>
  /** The names of the values that differ from the saved ones. */
  changed: readonly Name[]
  /** For the form's `onInput`. */
  onInput: () => void
  /** The key of the form's fields: they start anew from the saved values when it changes. */
  round: number
  discard: () => void
}

const add = (count: number) => count + 1

/**
 * Follows which values of a form are not saved. `changesOf` names those that differ from `saved`;
 * a new `saved` compares again.
 */
export function useUnsaved<Name extends string>(
  saved: object,
  changesOf: (form: FormData) => Name[],
): Unsaved<Name> {
  const form = useRef<HTMLFormElement>(null)
  const [changed, setChanged] = useState<readonly Name[]>([])
  const [inputs, onInput] = useReducer(add, 0)
  const [round, startAnew] = useReducer(add, 0)

  const compare = useEffectEvent(() => {
    if (form.current) setChanged(changesOf(new FormData(form.current)))
  })
  // Compares after rendering, because an input may show or hide fields.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each of these may change the result
  useEffect(() => compare(), [inputs, round, saved])

  return {
    form,
    changed,
    onInput,
    round,
    discard() {
      form.current?.focus() // the bar disappears
      startAnew()
    },
  }
}
