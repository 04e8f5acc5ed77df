import { classNames } from "./class-names.ts"

export type ButtonLook = {
  variant?: "primary" | "quiet" | "text" | "danger" | undefined
  size?: "md" | "sm" | undefined
  /** Takes the full width. */
  wide?: boolean | undefined
}

const VARIANTS = {
  primary: "button-primary",
  quiet: "button-quiet",
  text: "button-text",
  danger: "button-danger",
}
const SIZES = { md: "button-md", sm: "button-sm" }

/** The look of a button (theme.css), for what has to be another element too. */
export function buttonClass({ variant = "primary", size = "md", wide = false }: ButtonLook = {}) {
  return classNames("button", VARIANTS[variant], SIZES[size], wide && "w-full")
}
