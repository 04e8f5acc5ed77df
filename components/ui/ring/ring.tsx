import { classNames } from "#components/ui/class-names.ts"

export type RingState = "open" | "endless" | "revoked" | "over" | "scheduled"

type RingProps = {
  /** The fraction of the time that is left, 0 to 1. Only shown by an open ring. */
  fraction?: number
  state?: RingState
  /** The diameter in pixels. */
  size?: number
  className?: string | undefined
}

/** What is drawn inside a ring of 26 pixels, around its centre: a lying eight, and clock hands. */
const SIGNS: Partial<Record<RingState, string>> = {
  endless:
    "M0 0C1.6-2 2.4-2.6 3.6-2.6a2.6 2.6 0 0 1 0 5.2C2.4 2.6 1.6 2 0 0S-2.4-2.6-3.6-2.6a2.6 2.6 0 0 0 0 5.2C-2.4 2.6-1.6 2 0 0",
  scheduled: "M0-5V0L3.5 2.5",
}

/**
 * Shows the remaining time as a decorative ring. It empties while the share is open, is full around
 * a sign where it never ends, dashed when revoked and hollow when expired, and a clock before the
 * start.
 */
export function Ring({ fraction = 1, state = "open", size = 26, className }: RingProps) {
  const width = size >= 60 ? 5 : size >= 40 ? 4 : 3
  const middle = size / 2
  const radius = (size - width) / 2
  const length = 2 * Math.PI * radius
  const left = state === "endless" ? length : Math.min(1, Math.max(0, fraction)) * length
  const isLit = state === "open" || state === "endless"
  const sign = SIGNS[state]
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
      {state !== "revoked" && (
        <circle {...circle} className={state === "over" ? "stroke-edge" : "stroke-line"} />
      )}
      {isLit && (
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
      {sign && (
        <path
          d={sign}
          transform={`translate(${middle} ${middle}) scale(${size / 26})`}
          className="stroke-accent"
          strokeWidth={1.75}
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      )}
    </svg>
  )
}
