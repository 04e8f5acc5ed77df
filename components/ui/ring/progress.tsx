/** A thin progress bar. `fraction` is from 0 to 1, or null while the progress is unknown. */
export function Progress({ fraction, label }: { fraction: number | null; label: string }) {
  const percent = fraction === null ? null : Math.round(fraction * 100)
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(percent !== null && { "aria-valuenow": percent, "aria-valuetext": `${percent}%` })}
      className="h-1 overflow-hidden rounded-full bg-line"
    >
      <div
        className={`h-full rounded-full bg-accent ${percent === null ? "w-1/3 animate-pulse" : "min-w-0.5"}`}
        {...(percent !== null && { style: { width: `${percent}%` } })}
      />
    </div>
  )
}
