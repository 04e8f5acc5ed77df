import { ChevronDown } from "lucide-react"
import { type ComponentProps, useId } from "react"
import { classNames } from "./class-names.ts"
import { CONTROL } from "./control-class.ts"

export type SelectItem<Value extends string> = { value: Value; label: string }

type SelectProps<Value extends string> = Omit<
  ComponentProps<"select">,
  "value" | "defaultValue" | "size" | "children"
> & {
  label: string
  items: readonly SelectItem<Value>[]
  /** The label is read out, not shown. */
  labelHidden?: boolean
  value?: Value
  defaultValue?: Value
  onValueChange?: (value: Value) => void
  size?: "md" | "sm"
}

/** Choose one of a few. Native, so that a phone shows its own picker and a form works without JavaScript. */
export function Select<Value extends string>({
  label,
  items,
  labelHidden = false,
  onValueChange,
  onChange,
  size = "md",
  className,
  ...select
}: SelectProps<Value>) {
  const made = useId()
  const id = select.id ?? made
  return (
    <div className={classNames("flex flex-col gap-1.5", className)}>
      <label htmlFor={id} className={labelHidden ? "sr-only" : "text-sm font-medium"}>
        {label}
      </label>
      <div className="relative">
        <select
          {...select}
          id={id}
          onChange={
            onValueChange || onChange
              ? (event) => {
                  onChange?.(event)
                  const chosen = items.find((item) => item.value === event.target.value)
                  if (chosen) onValueChange?.(chosen.value)
                }
              : undefined
          }
          className={classNames(
            CONTROL,
            "appearance-none",
            size === "md" ? "h-11 pr-9 text-base" : "h-9 pr-8 text-sm",
          )}
        >
          {items.map((item) => (
            <option key={item.value} value={item.value} className="bg-raised text-ink">
              {item.label}
            </option>
          ))}
        </select>
        <ChevronDown
          aria-hidden
          size={16}
          className="pointer-events-none absolute top-1/2 right-2.5 -translate-y-1/2 text-soft"
        />
      </div>
    </div>
  )
}
