"use client"

import { Select as Base } from "@base-ui/react/select"
import { Check, ChevronDown } from "lucide-react"
import { classNames } from "./class-names.ts"

export type SelectItem<Value extends string> = { value: Value; label: string }

type SelectProps<Value extends string> = {
  label: string
  items: readonly SelectItem<Value>[]
  /** The label is read out, not shown. */
  labelHidden?: boolean
  name?: string
  value?: Value
  defaultValue?: Value
  onValueChange?: (value: Value) => void
  disabled?: boolean
  size?: "md" | "sm"
  className?: string
}

/** Choose one of a few. In a form it sends `name`. */
export function Select<Value extends string>({
  label,
  items,
  labelHidden = false,
  onValueChange,
  size = "md",
  className,
  ...root
}: SelectProps<Value>) {
  return (
    <div className={classNames("flex flex-col gap-1.5", className)}>
      <Base.Root
        items={items}
        {...root}
        onValueChange={(value) => {
          if (value !== null) onValueChange?.(value)
        }}
      >
        <Base.Label className={labelHidden ? "sr-only" : "text-sm font-medium"}>{label}</Base.Label>
        <Base.Trigger
          className={classNames(
            "flex items-center justify-between gap-2 rounded-lg bg-raised text-left inset-ring inset-ring-edge hover:inset-ring-ink",
            "focus-visible:outline-2 focus-visible:outline-offset-0 focus-visible:outline-accent data-disabled:opacity-60",
            size === "md" ? "h-11 px-3 text-base" : "h-9 px-2.5 text-sm",
          )}
        >
          <Base.Value />
          <Base.Icon>
            <ChevronDown aria-hidden size={16} className="text-soft" />
          </Base.Icon>
        </Base.Trigger>
        <Base.Portal>
          {/* Beside its trigger, not over it: that way it adds no style element, which the CSP would block. */}
          <Base.Positioner
            alignItemWithTrigger={false}
            sideOffset={6}
            className="z-50 outline-hidden"
          >
            <Base.Popup className="max-h-(--available-height) min-w-(--anchor-width) overflow-y-auto rounded-xl bg-raised p-1 shadow-raised inset-ring inset-ring-line outline-hidden transition-opacity duration-100 data-ending-style:opacity-0 data-starting-style:opacity-0">
              {items.map((item) => (
                <Base.Item
                  key={item.value}
                  value={item.value}
                  className="grid cursor-default grid-cols-[1fr_1rem] items-center gap-3 rounded-lg px-3 py-2 text-sm outline-hidden select-none data-highlighted:bg-wash"
                >
                  <Base.ItemText>{item.label}</Base.ItemText>
                  <Base.ItemIndicator>
                    <Check aria-hidden size={16} className="text-accent" />
                  </Base.ItemIndicator>
                </Base.Item>
              ))}
            </Base.Popup>
          </Base.Positioner>
        </Base.Portal>
      </Base.Root>
    </div>
  )
}
