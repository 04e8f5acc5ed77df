"use client"

import { NativeSelect } from "./ui/native-select.tsx"
import { type FormAction, useAct } from "./use-act.ts"

type SortSelectProps = {
  label: string
  value: string
  items: readonly { value: string; text: string }[]
  /** Remembers the order. Fields `list` and `sort`. */
  remember: FormAction<void>
  list: string
}

/** The order of a list, inside the form of its search. It is remembered for the member. */
export function SortSelect({ label, value, items, remember, list }: SortSelectProps) {
  const { act } = useAct(remember)
  return (
    <NativeSelect
      key={value}
      name="sort"
      aria-label={label}
      defaultValue={value}
      size="sm"
      onChange={({ currentTarget }) => {
        // Where it cannot be remembered, the list is sorted all the same.
        const ignored = () => {}
        act({ list, sort: currentTarget.value }, ignored, ignored)
        currentTarget.form?.requestSubmit()
      }}
    >
      {items.map(({ value, text }) => (
        <option key={value} value={value}>
          {text}
        </option>
      ))}
    </NativeSelect>
  )
}
