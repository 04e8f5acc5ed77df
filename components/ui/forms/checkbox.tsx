import { type ComponentProps, type ReactNode, useId } from "react"
import { classNames } from "#components/ui/class-names.ts"

type ChoiceProps = Omit<ComponentProps<"input">, "type"> & {
  label: ReactNode
  hint?: ReactNode
  /** The label is for screen readers only, as in a table row. */
  labelHidden?: boolean
}

/** A native checkbox with its label. */
export function Checkbox(props: ChoiceProps) {
  return <Choice {...props} look="size-4.5 mt-0.75 shrink-0" />
}

/** A native radio button with its label; those of one name are one choice. */
export function Radio(props: ChoiceProps) {
  return <Choice {...props} type="radio" look="size-4.5 mt-0.75 shrink-0" />
}

const SWITCH =
  "relative h-6 w-10 shrink-0 appearance-none rounded-full bg-edge transition-colors checked:bg-accent " +
  "before:absolute before:top-0.75 before:left-0.75 before:size-4.5 before:rounded-full before:bg-paper " +
  "before:transition-transform checked:before:translate-x-4 disabled:opacity-50"

/** A native checkbox that turns something on or off. */
export function Switch(props: ChoiceProps) {
  return <Choice {...props} role="switch" look={SWITCH} />
}

function Choice({
  label,
  hint,
  labelHidden = false,
  look,
  className,
  type = "checkbox",
  ...input
}: ChoiceProps & { look: string; type?: "checkbox" | "radio" }) {
  const id = useId()
  return (
    <label className={classNames("flex items-start gap-2.5", className)}>
      <input
        type={type}
        className={look}
        // With a hint the label around both would name it by the hint as well.
        aria-labelledby={hint ? `${id}-label` : undefined}
        aria-describedby={hint ? `${id}-hint` : undefined}
        {...input}
      />
      <span className={labelHidden ? "sr-only" : undefined}>
        <span id={`${id}-label`} className="block">
          {label}
        </span>
        {hint && (
          <span id={`${id}-hint`} className="block text-sm text-soft">
            {hint}
          </span>
        )}
      </span>
    </label>
  )
}
