import { ChevronDown, type LucideIcon } from "lucide-react"
import type { ComponentProps } from "react"
import { classNames } from "#components/ui/class-names.ts"
import { CONTROL } from "./control-class.ts"

type NativeSelectProps = Omit<ComponentProps<"select">, "size"> & {
  size?: "md" | "sm"
  /** What a phone shows in place of the chosen option. */
  phoneIcon?: LucideIcon
}

/** The browser's select, which works without JavaScript and opens the picker on phones. */
export function NativeSelect({ className, size = "md", phoneIcon, ...rest }: NativeSelectProps) {
  const Icon = phoneIcon
  const icon = "pointer-events-none absolute inset-y-0 end-3 my-auto text-soft"
  return (
    <span className={classNames("relative block", className)}>
      <select
        className={classNames(
          CONTROL,
          "appearance-none pe-9 text-ellipsis",
          size === "md" ? "h-11 text-base" : "h-9 text-sm",
          Icon &&
            "max-sm:w-9 max-sm:bg-transparent max-sm:px-0 max-sm:text-[0px] max-sm:inset-ring-0 max-sm:[&>option]:text-base",
        )}
        {...rest}
      />
      {Icon && <Icon aria-hidden size={18} className={`${icon} end-2.25! text-ink! sm:hidden`} />}
      <ChevronDown aria-hidden size={16} className={classNames(icon, Icon && "max-sm:hidden")} />
    </span>
  )
}
