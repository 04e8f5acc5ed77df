"use client"

import { NativeSelect } from "./ui/native-select.tsx"
import { type FormAction, useAct } from "./use-act.ts"

type SortSelectProps = {
  label: string
  value: string
  items: readonly { value: string; text: string }[]
  onChoose?: (sort: string) => void
}

/** The order of a list, inside the form of its search, which it sends. */
export function SortSelect({ label, value, items, onChoose }: SortSelectProps) {
  return (
    <NativeSelect
      key={value}
      name="sort"
      aria-label={label}
      defaultValue={value}
      size="sm"
      onChange={({ currentTarget }) => {
        onChoose?.(currentTarget.value)
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

type RememberedSortSelectProps = Omit<SortSelectProps, "onChoose"> & {
  /** Remembers the order. Fields `list` and `sort`. */
  remember: FormAction<void>
  list: string
}

/** The same, remembered for the member. */
export function RememberedSortSelect({ remember, list, ...select }: RememberedSortSelectProps) {
  const { act } = useAct(remember)
  // Where it cannot be remembered, the list is sorted all the same.
  const ignored = () => {}
  return <SortSelect {...select} onChoose={(sort) => act({ list, sort }, ignored, ignored)} />
}
