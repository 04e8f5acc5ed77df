import { classNames } from "./class-names.ts"

/** A placeholder for something that is loading. `className` sets its size. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <span
      aria-hidden
      className={classNames("block animate-pulse rounded-md bg-line", className ?? "h-4 w-full")}
    />
  )
}
