import { type ComponentProps, type ReactNode, useEffect, useId, useRef } from "react"
import { classNames } from "#components/ui/class-names.ts"

type ChoiceProps = Omit<ComponentProps<"input">, "type"> & {
  label: ReactNode
  hint?: ReactNode
  /** Whether the label is only for screen readers, as in a table row. */
  labelHidden?: boolean
}

// With forced colours the browser draws them.
const BOX =
  "relative size-4.5 shrink-0 appearance-none border-[1.5px] border-edge bg-raised transition-colors " +
  "checked:border-accent checked:bg-accent indeterminate:border-accent indeterminate:bg-accent disabled:opacity-50 " +
  "before:absolute before:inset-0 before:m-auto not-checked:not-indeterminate:before:hidden " +
  "forced-colors:appearance-auto forced-colors:before:hidden"
const TICK =
  "rounded-[5px] before:h-2.5 before:w-1.5 before:-translate-y-px before:rotate-45 before:border-r-2 before:border-b-2 before:border-accent-ink " +
  "indeterminate:before:h-0 indeterminate:before:w-2.25 indeterminate:before:translate-y-0 indeterminate:before:rotate-0 indeterminate:before:border-r-0"
/** Centres a box on the first line of its label. */
const FIRST_LINE = "mt-[calc((1lh-1.125rem)/2)]"
const DOT = "rounded-full before:size-2 before:rounded-full before:bg-accent-ink"

/** A native checkbox with its label. */
export function Checkbox(props: ChoiceProps) {
  return <Choice {...props} look={classNames(BOX, TICK, !props.labelHidden && FIRST_LINE)} />
}

/** The checkbox of a row, with a large area to press. On a phone it is hidden until rows are picked. */
export function RowCheckbox(props: Omit<ChoiceProps, "labelHidden" | "hint">) {
  return (
    <div data-select className="relative z-10">
      <Checkbox {...props} labelHidden className="-m-2.5 p-2.5" />
    </div>
  )
}

/** A native radio button with its label. Buttons with the same name form a group. */
export function Radio(props: ChoiceProps) {
  return <Choice {...props} type="radio" look={classNames(BOX, DOT, FIRST_LINE)} />
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
