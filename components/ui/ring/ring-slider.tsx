"use client"

import { type KeyboardEvent, type PointerEvent, useRef } from "react"
import { Ring } from "./ring.tsx"

/** A small or large step in either direction, or the minimum or maximum. */
export type RingStep = "less" | "more" | "much_less" | "much_more" | "least" | "most"

type RingSliderProps = {
  /** The filled fraction of the ring, 0 to 1. */
  fraction: number
  label: string
  valueText: string
  value: number
  min: number
  max: number
  /** Called while dragging, with the fraction at the pointer. */
  onDrag: (fraction: number) => void
  /** Called at the end of a drag. */
  onDrop?: () => void
  onStep: (step: RingStep) => void
  size?: number
}

const STEPS: Record<string, RingStep> = {
  ArrowLeft: "less",
  ArrowDown: "less",
  ArrowRight: "more",
  ArrowUp: "more",
  PageDown: "much_less",
  PageUp: "much_more",
  Home: "least",
  End: "most",
}

/** A ring that is set by dragging its end, or with the arrow keys. */
export function RingSlider(props: RingSliderProps) {
  const { fraction, label, valueText, value, min, max, onDrag, onDrop, onStep, size = 132 } = props
  const last = useRef(fraction)
  const isDragged = useRef(false)
  const angle = 2 * Math.PI * Math.min(1, Math.max(0, fraction))
  const radius = size / 2 - 2.5

  function drag(event: PointerEvent<HTMLElement>) {
    const box = event.currentTarget.getBoundingClientRect()
    const asked = fractionAt(
      event.clientX - box.left - box.width / 2,
      event.clientY - box.top - box.height / 2,
    )
    // Beyond the top the ring stays full or empty and does not jump to the other end.
    const jumps = Math.abs(asked - last.current) > 0.5
    const next = jumps ? Math.round(last.current) : asked
    last.current = next
    onDrag(next)
  }

  function press(event: KeyboardEvent) {
    const step = STEPS[event.key]
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    onStep(step)
  }

  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={min}
      aria-valuemax={max}
      aria-valuenow={value}
      aria-valuetext={valueText}
      // The margin keeps the handle from covering other elements.
      className="relative m-2.5 shrink-0 cursor-grab touch-none rounded-full active:cursor-grabbing [&_circle]:transition-none"
      style={{ width: size, height: size }}
      onKeyDown={press}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        isDragged.current = true
        last.current = fraction
        drag(event)
      }}
      onPointerMove={(event) => isDragged.current && drag(event)}
      onPointerUp={() => {
        isDragged.current = false
        onDrop?.()
      }}
      onPointerCancel={() => {
        isDragged.current = false
        onDrop?.()
      }}
    >
      <Ring fraction={fraction} size={size} />
      <span
        className="absolute size-6 -translate-x-1/2 -translate-y-1/2 rounded-full bg-accent shadow-raised ring-3 ring-raised"
        style={{
          left: size / 2 + radius * Math.sin(angle),
          top: size / 2 - radius * Math.cos(angle),
        }}
      />
    </div>
  )
}

/** The fraction of a turn, clockwise from the top, at a point relative to the centre. */
function fractionAt(x: number, y: number) {
  const turned = Math.atan2(x, -y) / (2 * Math.PI)
  return turned < 0 ? turned + 1 : turned
}
