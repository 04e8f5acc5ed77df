import { type ComponentProps, type ReactNode, useId } from "react"
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

/** A control with label, hint and error. Other props are passed to the input. */
export function Field({ label, hint, error, aside, children, className, ...input }: FieldProps) {
  const made = useId()
  const id = input.id ?? made
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ")
  const control: ControlProps = {
    id,
    "aria-describedby": described || undefined,
    "aria-invalid": error ? true : undefined,
  }
  return (
    <div className={classNames("flex flex-col gap-1.5", className)}>
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
      {error && <FieldError id={`${id}-error`}>{error}</FieldError>}
    </div>
  )
}
