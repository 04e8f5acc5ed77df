"use client"

import { useTranslations } from "next-intl"
import { type ComponentProps, type FormEvent, type ReactNode, useId, useState } from "react"
import { classNames } from "#components/ui/class-names.ts"
import { CONTROL } from "./control-class.ts"
import { FieldError } from "./field-error.tsx"

/** A one-line input without a label; `Field` adds label, hint and error. */
export function Input({ className, type = "text", ...rest }: ComponentProps<"input">) {
  return (
    <input type={type} className={classNames(CONTROL, "h-11 text-base", className)} {...rest} />
  )
}

export function Textarea({ className, rows = 3, ...rest }: ComponentProps<"textarea">) {
  return (
    <textarea
      rows={rows}
      className={classNames(
        CONTROL,
        "block py-2.5 text-base leading-normal [unicode-bidi:plaintext]",
        className,
      )}
      {...rest}
    />
  )
}

/** The props that connect a control with its label, hint and error. */
export type ControlProps = {
  id: string
  "aria-describedby": string | undefined
  "aria-invalid": true | undefined
}

type FieldProps = Omit<ComponentProps<"input">, "children"> & {
  label: ReactNode
  hint?: ReactNode
  /** The error in one sentence, which also marks the field invalid. */
  error?: ReactNode
  /** A small note after the label, such as "optional". */
  aside?: ReactNode
  /** Renders a control other than a one-line input. */
  children?: (control: ControlProps) => ReactNode
}

/**
 * A control with label, hint and error. All other props are passed to the input. What the browser
 * finds invalid is an error too, in place of the browser's own bubble.
 */
export function Field({ label, hint, error, aside, children, className, ...input }: FieldProps) {
  const made = useId()
  const id = input.id ?? made
  const { invalid, ...validation } = useValidation()
  const isWrong = Boolean(error || invalid)
  const described = [hint && `${id}-hint`, isWrong && `${id}-error`].filter(Boolean).join(" ")
  const control: ControlProps = {
    id,
    "aria-describedby": described || undefined,
    "aria-invalid": isWrong || undefined,
  }
  return (
    <div className={classNames("flex flex-col gap-1.5", className)} {...validation}>
      <div className="flex items-baseline justify-between gap-3">
        <label htmlFor={id} className="text-sm font-medium">
          {label}
        </label>
        {aside && <span className="text-xs text-soft">{aside}</span>}
      </div>
      {children ? children(control) : <Input {...input} {...control} />}
      {hint && (
        <p id={`${id}-hint`} className="text-xs text-soft">
          {hint}
        </p>
      )}
      {isWrong && <FieldError id={`${id}-error`}>{invalid ?? error}</FieldError>}
    </div>
  )
}

/** Why the browser finds a control invalid, until it is changed; one control of a form at a time. */
function useValidation() {
  const t = useTranslations("common.invalid")
  const [invalid, setInvalid] = useState<string | null>(null)

  function reasonOf({ validity, minLength, min, max, type }: HTMLInputElement) {
    if (validity.tooShort) return t("short", { count: minLength })
    if (validity.rangeUnderflow) return t("low", { min })
    if (validity.rangeOverflow) return t("high", { max })
    return t(validity.typeMismatch && type === "email" ? "email" : "other")
  }

  function onInvalidCapture(event: FormEvent) {
    event.preventDefault()
    const { target } = event
    const isInput = target instanceof HTMLInputElement
    const form = target instanceof Element && target.closest("form")
    if (form && form.querySelector(":invalid:not(fieldset)") !== target) return
    if (target instanceof HTMLElement) target.focus()
    setInvalid(isInput && !target.validity.valueMissing ? reasonOf(target) : t("missing"))
  }

  return { invalid, onInvalidCapture, onInputCapture: () => setInvalid(null) }
}
