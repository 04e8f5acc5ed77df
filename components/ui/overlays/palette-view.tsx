"use client"

import { Autocomplete } from "@base-ui/react/autocomplete"
import { Dialog } from "@base-ui/react/dialog"
import { Search, X } from "lucide-react"
import { useTranslations } from "next-intl"
import type { ReactNode } from "react"

export type PaletteItem = { id: string; label: string; note?: ReactNode; icon: ReactNode }
export type PaletteGroup = { value: string; items: PaletteItem[] }

type PaletteViewProps = {
  open: boolean
  onOpenChange: (open: boolean) => void
  label: string
  placeholder: string
  query: string
  onQuery: (query: string) => void
  groups: PaletteGroup[]
  onChoose: (id: string) => void
  /** The state of the search: searching, the number of results, or an error. */
  status: ReactNode
}

/** A dialog with a text field and a list of results. The arrow keys move, and Enter chooses. */
export function PaletteView(props: PaletteViewProps) {
  const { open, onOpenChange, label, placeholder, query, onQuery, groups, onChoose } = props
  const t = useTranslations("common")
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 min-h-dvh bg-shade transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Dialog.Popup
          aria-label={label}
          className="fixed inset-x-2 top-2 z-50 flex max-h-[min(34rem,calc(100dvh-1rem))] flex-col overflow-hidden rounded-2xl bg-raised text-ink shadow-raised inset-ring inset-ring-line outline-hidden transition-opacity duration-100 data-ending-style:opacity-0 data-starting-style:opacity-0 sm:inset-x-auto sm:top-[14dvh] sm:left-1/2 sm:max-h-[min(34rem,72dvh)] sm:w-[min(38rem,calc(100vw-3rem))] sm:-translate-x-1/2 forced-colors:border"
        >
          <Autocomplete.Root
            inline
            open
            items={groups}
            mode="none"
            value={query}
            onValueChange={(value, { reason }) => {
              if (reason !== "item-press") onQuery(value)
            }}
            autoHighlight="always"
            keepHighlight
            itemToStringValue={(item: PaletteItem) => item.label}
          >
            <div className="flex shrink-0 items-center gap-3 border-b border-line pe-2 ps-5">
              <Search aria-hidden size={18} className="shrink-0 text-soft" />
              <Autocomplete.Input
                aria-label={label}
                placeholder={placeholder}
                maxLength={200}
                className="h-13 min-w-0 grow bg-transparent text-base outline-hidden placeholder:text-soft"
              />
              <Dialog.Close
                aria-label={t("close")}
                className="grid size-10 shrink-0 place-items-center rounded-lg text-soft hover:bg-selected hover:text-ink"
              >
                <X aria-hidden size={18} />
              </Dialog.Close>
            </div>
            <Autocomplete.List className="min-h-0 scroll-py-2 overflow-y-auto overscroll-contain p-2 empty:hidden">
              {(group: PaletteGroup) => (
                <Autocomplete.Group key={group.value} items={group.items}>
                  <Autocomplete.GroupLabel className="px-3 pt-2.5 pb-1.5 text-xs font-medium text-soft">
                    {group.value}
                  </Autocomplete.GroupLabel>
                  <Autocomplete.Collection>
                    {(item: PaletteItem) => (
                      <Autocomplete.Item
                        key={item.id}
                        value={item}
                        onClick={() => onChoose(item.id)}
                        className="flex min-h-11 cursor-default items-center gap-3 rounded-lg px-3 py-1.5 outline-hidden select-none data-highlighted:bg-selected forced-colors:data-highlighted:outline-2"
                      >
                        <span aria-hidden className="shrink-0 text-soft">
                          {item.icon}
                        </span>
                        <span className="min-w-0 grow truncate">
                          <bdi>{item.label}</bdi>
                        </span>
                        {item.note && (
                          <span className="shrink-0 text-sm text-soft">{item.note}</span>
                        )}
                      </Autocomplete.Item>
                    )}
                  </Autocomplete.Collection>
                </Autocomplete.Group>
              )}
            </Autocomplete.List>
            <Autocomplete.Status className="shrink-0 border-t border-line px-5 py-2.5 text-sm text-soft empty:hidden">
              {props.status}
            </Autocomplete.Status>
          </Autocomplete.Root>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
