import { classNames } from "./class-names.ts"

export type ButtonLook = {
  variant?: "primary" | "quiet" | "text" | "danger" | undefined
  size?: "md" | "sm" | undefined
  wide?: boolean | undefined
}

const VARIANTS = {
  primary: "button-primary",
  quiet: "button-quiet",
  text: "button-text",
  danger: "button-danger",
}
const SIZES = { md: "button-md", sm: "button-sm" }

/** The classes of a button (theme.css), for other elements that look like one. */
export function buttonClass({ variant = "primary", size = "md", wide = false }: ButtonLook = {}) {
  return classNames("button", VARIANTS[variant], SIZES[size], wide && "w-full")
}
