"use client"

import { useTranslations } from "next-intl"
import type { ReactNode } from "react"
import { Button } from "#components/ui/button.tsx"

type SelectionBarProps = {
  /** The text that gives the number of selected rows. */
  text: string
  onClear: () => void
  /** The action buttons. */
  children: ReactNode
}

/** The actions on the selected rows of a list; stays in view while the list scrolls. */
export function SelectionBar({ text, onClear, children }: SelectionBarProps) {
  const t = useTranslations("member.lists")
  return (
    <section
      aria-label={text}
      className="sticky bottom-20 z-20 mt-4 flex flex-wrap items-center gap-x-3 gap-y-2 rounded-[14px] bg-raised px-4 py-3 shadow-raised inset-ring inset-ring-line md:bottom-5"
    >
      <p className="grow text-sm font-medium max-sm:w-full">{text}</p>
      <Button variant="text" size="sm" onClick={onClear}>
        {t("chooseNone")}
      </Button>
      {children}
    </section>
  )
}
