"use client"

import { answerOf } from "#components/calls/api-call.ts"
import { ask } from "#components/calls/ask.ts"
import { NativeSelect } from "#components/ui/forms/native-select.tsx"
import type { SortedList } from "#lib/accounts/list-sorts.ts"

type SortSelectProps = {
  label: string
  value: string
  items: readonly { value: string; text: string }[]
  onChoose?: (sort: string) => void
}

/** Selects the sort order of a list. It is part of the list's search form, which it submits. */
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

/** Selects the sort order of a list and saves it for the member. */
export function RememberedSortSelect({ list, ...select }: RememberedSortSelectProps) {
  // If it cannot be saved, the list is sorted nevertheless.
  const remember = (sort: string) =>
    void answerOf(ask("PATCH /me", { body: { listSort: { list, sort } } }, { keepalive: true }))
  return <SortSelect {...select} onChoose={remember} />
}
