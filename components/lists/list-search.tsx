"use client"

import { Search, X } from "lucide-react"
import { useRouter } from "next/navigation"
import { useTranslations } from "next-intl"
import { useEffect, useRef, useTransition } from "react"
import { LinkButton } from "#components/ui/button.tsx"
import { classNames } from "#components/ui/class-names.ts"
import { Input } from "#components/ui/forms/field.tsx"
import { NativeSelect } from "#components/ui/forms/native-select.tsx"
import { listAddress } from "#lib/web/list-address.ts"
import { SortSelect, type SortSelectProps } from "./sort-select.tsx"

export type Filter = {
  name: string
  label: string
  value: string
  items: readonly { value: string; label: string }[]
}

type ListSearchProps = {
  /** The path of the page that contains the list. */
  path: string
  /** The name of the search box; undefined for none. */
  label: string | undefined
  q: string
  filter?: Filter | undefined
  sort?: SortSelectProps | undefined
  /** Other query parameters to keep. */
  keep?: Partial<Record<string, string | null | undefined>>
}

const DEBOUNCE_MS = 250

/**
 * Searches and sorts a list by query parameters, while typing or on Enter. Without a search box it
 * shows the current search, and a link that clears it.
 */
export function ListSearch({ path, label, q, filter, sort, keep = {} }: ListSearchProps) {
  const t = useTranslations("member")
  const router = useRouter()
  const form = useRef<HTMLFormElement>(null)
  const input = useRef<HTMLInputElement>(null)
  const asked = useRef(q)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const [pending, start] = useTransition()

  // "Back" and links change the URL without this form.
  useEffect(() => {
    if (input.current && q !== asked.current) input.current.value = q
    asked.current = q
  }, [q])

  useEffect(() => () => clearTimeout(timer.current), [])

  function go() {
    clearTimeout(timer.current)
    timer.current = undefined
    if (!form.current) return
    const query = new URLSearchParams()
    for (const [name, value] of new FormData(form.current))
      if (typeof value === "string" && value.trim()) query.set(name, value.trim())
    asked.current = query.get("q") ?? ""
    const text = query.toString()
    start(() => router.replace(text ? `${path}?${text}` : path, { scroll: false }))
  }

  return (
    <form
      ref={form}
      action={path}
      method="get"
      aria-busy={pending}
      className={classNames(
        "flex min-w-0 items-center gap-1.5 sm:gap-2",
        label !== undefined && "max-sm:w-full",
      )}
      onSubmit={(event) => {
        event.preventDefault()
        go()
      }}
    >
      {Object.entries(keep).map(
        ([name, value]) =>
          value &&
          name !== filter?.name && <input key={name} type="hidden" name={name} value={value} />,
      )}
      {label === undefined && q !== "" && (
        <>
          <input type="hidden" name="q" value={q} />
          <LinkButton
            href={listAddress(path, keep)}
            variant="quiet"
            size="sm"
            className="max-w-24 min-w-0 bg-selected font-medium! sm:max-w-64"
            title={t("lists.clearSearch", { q })}
          >
            <span className="truncate">
              <span className="sr-only">{t("lists.clearSearch", { q: "" })}</span>
              <bdi>{q}</bdi>
            </span>
            <X aria-hidden size={14} className="shrink-0" />
          </LinkButton>
        </>
      )}
      {label !== undefined && (
        // biome-ignore lint/a11y/useSemanticElements: screen readers do not support the search element everywhere
        <div role="search" className="relative min-w-0 max-sm:grow">
          <Search
            aria-hidden
            size={16}
            className="pointer-events-none absolute inset-y-0 start-3 my-auto text-soft"
          />
          <Input
            ref={input}
            type="search"
            name="q"
            aria-label={label}
            placeholder={t("search")}
            defaultValue={q}
            maxLength={200}
            className="h-9! ps-9 text-sm! sm:w-56"
            onChange={() => {
              clearTimeout(timer.current)
              timer.current = setTimeout(go, DEBOUNCE_MS)
            }}
            // Before a click on a result, whose page a later search would replace.
            onBlur={() => timer.current !== undefined && go()}
          />
        </div>
      )}
      {filter && (
        <NativeSelect
          key={filter.value}
          name={filter.name}
          aria-label={filter.label}
          defaultValue={filter.value}
          size="sm"
          className="shrink-0 max-sm:max-w-3/5 max-sm:[&>select]:field-sizing-content"
          onChange={go}
        >
          {filter.items.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </NativeSelect>
      )}
      {sort && <SortSelect {...sort} />}
    </form>
  )
}
