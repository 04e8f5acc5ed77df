import { type ComponentProps, type ReactNode, useEffect, useId, useRef } from "react"
import { classNames } from "#components/ui/class-names.ts"

type ChoiceProps = Omit<ComponentProps<"input">, "type"> & {
  label: ReactNode
  hint?: ReactNode
  /** Whether the label is only for screen readers, as in a table row. */
  labelHidden?: boolean
}

export function Checkbox(props: ChoiceProps) {
  return <Choice {...props} look="size-4.5 mt-0.75 shrink-0" />
}

/** A native radio button with its label. Buttons with the same name form a group. */
export function Radio(props: ChoiceProps) {
  return <Choice {...props} type="radio" look="size-4.5 mt-0.75 shrink-0" />
}

const SWITCH =
  "relative h-6 w-10 shrink-0 appearance-none rounded-full bg-raised inset-ring-2 inset-ring-edge transition-colors checked:bg-accent checked:inset-ring-0 " +
  "before:absolute before:top-1 before:start-1 before:size-4 before:rounded-full before:bg-soft " +
  "before:transition-transform checked:before:translate-x-4 checked:before:bg-accent-ink rtl:checked:before:-translate-x-4 disabled:opacity-50"

/** A native checkbox that turns something on or off. */
export function Switch(props: ChoiceProps) {
  return <Choice {...props} role="switch" look={SWITCH} />
}

function Choice({
  label: text,
  hint,
  labelHidden = false,
  look,
  className,
  type = "checkbox",
  ...input
}: ChoiceProps & { look: string; type?: "checkbox" | "radio" }) {
  const id = useId()
  const label = useRef<HTMLLabelElement>(null)
  const { checked } = input
  // React ignores changes from before the page's scripts were loaded.
  useEffect(() => {
    const box = label.current?.control
    if (checked === undefined || !(box instanceof HTMLInputElement)) return
    if (box.checked === checked || (type === "radio" && checked)) return
    box.checked = checked
    box.click()
  }, [checked, type])
  return (
    <label ref={label} className={classNames("flex items-start gap-2.5", className)}>
      <input
        type={type}
        className={look}
        // With a hint, the surrounding label would make the hint part of the accessible name.
        aria-labelledby={hint ? `${id}-label` : undefined}
        aria-describedby={hint ? `${id}-hint` : undefined}
        {...input}
      />
      <span className={labelHidden ? "sr-only" : undefined}>
        <span id={`${id}-label`} className="block">
          {text}
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
