"use client"

import { ArrowDownUp } from "lucide-react"
import { useTranslations } from "next-intl"
import { answerOf } from "#components/calls/api-call.ts"
import { ask } from "#components/calls/ask.ts"
import { NativeSelect } from "#components/ui/forms/native-select.tsx"
import type { SortedList } from "#lib/rooms/accounts/list-sorts.ts"
import type { FileSort } from "#lib/rooms/files/file.ts"
import type { ShareSort } from "#lib/rooms/shares/share.ts"

export type SortSelectProps = {
  value: string
  sorts: readonly (FileSort | ShareSort)[]
  /** The list for which the choice is saved for the member. */
  list?: SortedList
}

/**
 * Selects the sort order of a list, on a phone by an icon. It is part of the list's search form,
 * which it submits.
 */
export function SortSelect({ value, sorts, list }: SortSelectProps) {
  const t = useTranslations("member.lists")
  return (
    <NativeSelect
      key={value}
      name="sort"
      aria-label={t("sortLabel")}
      defaultValue={value}
      size="sm"
      phoneIcon={ArrowDownUp}
      onChange={({ currentTarget: { value: sort, form } }) => {
        // If it cannot be saved, the list is sorted nevertheless.
        if (list)
          void answerOf(
            ask("PATCH /me", { body: { listSort: { list, sort } } }, { keepalive: true }),
          )
        form?.requestSubmit()
      }}
    >
      {sorts.map((sort) => (
        <option key={sort} value={sort}>
          {t(`sort.${sort}`)}
        </option>
      ))}
    </NativeSelect>
  )
}
