import { classNames } from "./class-names.ts"

/** A quiet place holder while something loads. Give it a size. */
export function Skeleton({ className, round }: { className?: string; round?: boolean }) {
  return (
    <span
      aria-hidden
      className={classNames(
        "block animate-pulse bg-line",
        round ? "rounded-full" : "rounded-md",
        className ?? "h-4 w-full",
      )}
    />
  )
}

/** A page's worth of it: a heading and rows. */
export function SkeletonRows({ rows = 6, label }: { rows?: number; label: string }) {
  return (
    <div role="status" aria-label={label}>
      <Skeleton className="h-7 w-40" />
      <div className="mt-7">
        {Array.from({ length: rows }, (_, row) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike
          <div key={row} className="flex items-center gap-4 border-t border-line py-4">
            <Skeleton round className="size-6.5" />
            <div className="grow space-y-2">
              <Skeleton className="h-4 w-2/5" />
              <Skeleton className="h-3 w-1/4" />
            </div>
            <Skeleton className="h-4 w-20 max-sm:hidden" />
          </div>
        ))}
      </div>
    </div>
  )
}
