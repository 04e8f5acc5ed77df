import { classNames } from "#components/ui/class-names.ts"

export type RingState = "open" | "revoked" | "over" | "scheduled"

type RingProps = {
  /** The fraction of the time that is left, 0 to 1. Only shown by an open ring. */
  fraction?: number
  state?: RingState
  /** The diameter in pixels. */
  size?: number
  className?: string | undefined
}

/**
 * Shows the remaining time as a decorative ring. It empties while the share is open, is dashed when
 * revoked, hollow when expired, and has a dot before the start.
 */
export function Ring({ fraction = 1, state = "open", size = 26, className }: RingProps) {
  const width = size >= 60 ? 5 : size >= 40 ? 4 : 3
  const middle = size / 2
  const radius = (size - width) / 2
  const length = 2 * Math.PI * radius
  const left = Math.min(1, Math.max(0, fraction)) * length
  const circle = { cx: middle, cy: middle, r: radius }
  return (
    <svg
      width={size}
      height={size}
      viewBox={`0 0 ${size} ${size}`}
      fill="none"
      strokeWidth={width}
      className={classNames("block shrink-0", className)}
      aria-hidden
    >
      {state !== "revoked" && <circle {...circle} className="stroke-line" />}
      {state === "open" && (
        <circle
          {...circle}
          className="stroke-accent transition-[stroke-dasharray] duration-700 ease-out"
          strokeLinecap={left < length ? "round" : "butt"}
          strokeDasharray={`${left.toFixed(2)} ${(length + 1).toFixed(2)}`}
          transform={`rotate(-90 ${middle} ${middle})`}
        />
      )}
      {state === "revoked" && (
        <circle
          {...circle}
          className="stroke-soft"
          strokeDasharray={`${(length * 0.1).toFixed(2)} ${(length * 0.0667).toFixed(2)}`}
          transform={`rotate(-90 ${middle} ${middle})`}
        />
      )}
      {state === "scheduled" && (
        <circle cx={middle} cy={width / 2 + 0.5} r={width / 2 + 0.5} className="fill-accent" />
      )}
    </svg>
  )
}
