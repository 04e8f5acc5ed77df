"use client"

import { ListChecks } from "lucide-react"
import { useTranslations } from "next-intl"
import { createContext, type ReactNode, use, useState } from "react"
import { Button } from "#components/ui/button.tsx"

const PickingContext = createContext<readonly [boolean, (picking: boolean) => void]>([
  false,
  () => {},
])

/** Whether the rows of a list show their checkboxes on a phone, and a function that sets it. */
export const usePicking = () => use(PickingContext)

/** Lets the button above a list show the checkboxes of its rows. */
export const Picking = ({ children }: { children: ReactNode }) => (
  <PickingContext value={useState(false)}>{children}</PickingContext>
)

/** Shows or hides the checkboxes of a SelectableList on a phone. */
export function PickButton() {
  const t = useTranslations("member.lists")
  const [picking, setPicking] = usePicking()
  return (
    <Button
      variant={picking ? "quiet" : "text"}
      size="sm"
      className="hidden shrink-0 max-md:group-has-[[data-selectable]]/list:inline-flex"
      aria-label={picking ? undefined : t("pick")}
      onClick={() => setPicking(!picking)}
    >
      {picking ? t("pickingDone") : <ListChecks aria-hidden size={18} className="text-ink" />}
    </Button>
  )
}
