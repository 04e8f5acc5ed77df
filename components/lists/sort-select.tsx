"use client"

import { api } from "#components/api.ts"
import { answerOf } from "#components/calls/api-call.ts"
import { NativeSelect } from "#components/ui/forms/native-select.tsx"
import type { SortedList } from "#lib/accounts/list-sorts.ts"

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

type RememberedSortSelectProps = Omit<SortSelectProps, "onChoose"> & { list: SortedList }

/** The order of a list, which is remembered for the member. */
export function RememberedSortSelect({ list, ...select }: RememberedSortSelectProps) {
  // Where it cannot be remembered, the list is sorted all the same.
  const remember = (sort: string) =>
    void answerOf(api.me.change({ listSort: { list, sort } }, { keepalive: true }))
  return <SortSelect {...select} onChoose={remember} />
}
