import { LoaderCircle } from "lucide-react"
import Link from "next/link"
import type { ComponentProps, ReactElement } from "react"
import { type ButtonLook, buttonClass } from "./button-class.ts"
import { classNames } from "./class-names.ts"

type ButtonProps = ComponentProps<"button"> & ButtonLook & { pending?: boolean | undefined }

/** A button element, to which a dialog or a menu adds its handlers. */
export type ButtonElement = ReactElement<ComponentProps<"button">>

/** A plain HTML button, which works without JavaScript. Its type is "button" by default. */
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
