import { LoaderCircle } from "lucide-react"
import Link from "next/link"
import type { ComponentProps } from "react"
import { classNames } from "./class-names.ts"

export type ButtonLook = {
  variant?: "primary" | "quiet" | "text" | "danger" | undefined
  size?: "md" | "sm" | undefined
  /** As wide as its place. */
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

/** The look of a button, for what has to be another element. */
export function buttonClass({ variant = "primary", size = "md", wide = false }: ButtonLook = {}) {
  return classNames(
    "inline-flex items-center justify-center gap-2 font-semibold leading-tight text-center select-none",
    "transition-colors duration-100 disabled:opacity-50 aria-disabled:opacity-50 data-disabled:opacity-50",
    VARIANTS[variant],
    SIZES[size],
    wide && "w-full",
  )
}

type ButtonProps = ComponentProps<"button"> & ButtonLook & { pending?: boolean | undefined }

/** Plain HTML: works before and without JavaScript. Its type is "button" unless said otherwise. */
export function Button({
  variant,
  size,
  wide,
  pending = false,
  type = "button",
  className,
  disabled,
  children,
  ...rest
}: ButtonProps) {
  return (
    <button
      type={type}
      disabled={disabled || pending}
      aria-busy={pending || undefined}
      className={classNames(buttonClass({ variant, size, wide }), className)}
      {...rest}
    >
      {pending && <LoaderCircle aria-hidden size={16} className="animate-spin" />}
      {children}
    </button>
  )
}

type LinkButtonProps = ComponentProps<typeof Link> & ButtonLook

/** A link inside the app that looks like a button. */
export function LinkButton({ variant, size, wide, className, ...rest }: LinkButtonProps) {
  return (
    <Link
      className={classNames(buttonClass({ variant, size, wide }), className)}
      prefetch={false}
      {...rest}
    />
  )
}
