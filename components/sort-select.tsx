"use client"

import { NativeSelect } from "./ui/native-select.tsx"

type SortSelectProps = {
  label: string
  value: string
  items: readonly { value: string; label: string }[]
}

/** The order of a list, in the form of its search, which it sends. */
export function SortSelect({ label, value, items }: SortSelectProps) {
  return (
    <NativeSelect
      key={value}
      name="sort"
      aria-label={label}
      defaultValue={value}
      size="sm"
      onChange={({ currentTarget }) => currentTarget.form?.requestSubmit()}
    >
      {items.map(({ value, label }) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </NativeSelect>
  )
}
