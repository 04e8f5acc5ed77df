import { ChevronDown } from "lucide-react"
import type { ComponentProps } from "react"
import { classNames } from "#components/ui/class-names.ts"
import { CONTROL } from "./control-class.ts"

type NativeSelectProps = Omit<ComponentProps<"select">, "size"> & { size?: "md" | "sm" }

/** The browser's select, which works without JavaScript and opens the picker on phones. */
export function NativeSelect({ className, size = "md", ...rest }: NativeSelectProps) {
  return (
    <span className={classNames("relative block", className)}>
      <select
        className={classNames(
          CONTROL,
          "appearance-none pe-9",
          size === "md" ? "h-11 text-base" : "h-9 text-sm",
        )}
        {...rest}
      />
      <ChevronDown
        aria-hidden
        size={16}
        className="pointer-events-none absolute inset-y-0 end-3 my-auto text-soft"
      />
    </span>
  )
}
