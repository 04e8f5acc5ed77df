type ProgressProps = {
  /** From 0 to 1, or null while the progress is unknown. */
  fraction: number | null
  /** A further part of the bar, of what is still to come. */
  pending?: number
  label: string
}

/** A thin progress bar. */
export function Progress({ fraction, pending = 0, label }: ProgressProps) {
  const percent = fraction === null ? null : Math.round(fraction * 100)
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(percent !== null && { "aria-valuenow": percent, "aria-valuetext": `${percent}%` })}
      className="flex h-1 overflow-hidden rounded-full bg-line"
    >
      <div
        className={`h-full rounded-full bg-accent ${fraction === null ? "w-1/3 animate-pulse" : fraction > 0 ? "min-w-0.5" : ""}`}
        {...(percent !== null && { style: { width: `${percent}%` } })}
      />
      {pending > 0 && (
        <div className="h-full min-w-0.5 bg-edge" style={{ width: `${pending * 100}%` }} />
      )}
    </div>
  )
}
