import { classNames } from "#components/ui/class-names.ts"

/** The look of a row of a SelectableList: a sign, the content and the actions, or `columns`. */
export const rowClass = (columns: string, selected: boolean) =>
  classNames(
    "relative grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-3.5 border-t border-line text-[0.9375rem] max-md:first:border-t-0 hover:bg-[color-mix(in_srgb,var(--color-selected)_45%,transparent)] lg:leading-5",
    columns,
    // The shadow leaves the checkbox and the menu room at the sides.
    selected &&
      "bg-selected! shadow-[-0.75rem_0_var(--color-selected),0.75rem_0_var(--color-selected)]",
  )
