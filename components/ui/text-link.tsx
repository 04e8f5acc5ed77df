import Link from "next/link"
import type { ComponentProps } from "react"
import { classNames } from "./class-names.ts"

/** A link within text to a page of the app. */
export function TextLink({ className, ...rest }: ComponentProps<typeof Link>) {
  return (
    <Link
      prefetch={false}
      className={classNames(
        "underline decoration-edge underline-offset-3 hover:decoration-current",
        className,
      )}
      {...rest}
    />
  )
}
