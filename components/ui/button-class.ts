import { classNames } from "./class-names.ts"

export type ButtonLook = {
  variant?: "primary" | "quiet" | "text" | "danger" | undefined
  size?: "md" | "sm" | undefined
  /** Takes the full width. */
  wide?: boolean | undefined
}

const VARIANTS = {
  primary: "bg-accent text-accent-ink hover:bg-accent-hover",
  quiet: "text-ink inset-ring inset-ring-line hover:bg-wash hover:inset-ring-transparent",
  text: "text-accent hover:text-accent-hover hover:bg-wash",
  danger: "bg-danger text-paper hover:opacity-90",
}
const SIZES = {
  md: "min-h-11 rounded-[10px] px-5 py-2.5 text-base",
  sm: "min-h-9 rounded-lg px-3.25 py-1.75 text-sm",
}

/** The look of a button, for elements that are not one. */
export function buttonClass({ variant = "primary", size = "md", wide = false }: ButtonLook = {}) {
  return classNames(
    "inline-flex items-center justify-center gap-2 font-semibold leading-tight text-center select-none",
    "transition-colors duration-100 disabled:opacity-50 aria-disabled:opacity-50 data-disabled:opacity-50",
    VARIANTS[variant],
    SIZES[size],
    wide && "w-full",
  )
}
