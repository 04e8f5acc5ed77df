import "client-only"

/** A range of a file: its first byte, and the one after its last. */
export type Span = { from: number; to: number }

/** Adds a span to disjoint spans in ascending order; returns them merged. */
export function addSpan(spans: readonly Span[], added: Span): Span[] {
  if (added.from >= added.to) return [...spans]
  const merged = { ...added }
  const before: Span[] = []
  const after: Span[] = []
  for (const span of spans) {
    if (span.to < merged.from) before.push(span)
    else if (span.from > merged.to) after.push(span)
    else {
      merged.from = Math.min(merged.from, span.from)
      merged.to = Math.max(merged.to, span.to)
    }
  }
  return [...before, merged, ...after]
}

/** Returns the bytes from 0 to `size` that the spans do not cover. */
export function missingSpans(spans: readonly Span[], size: number): Span[] {
  const missing: Span[] = []
  let at = 0
  for (const { from, to } of spans) {
    if (from > at) missing.push({ from: at, to: from })
    at = Math.max(at, to)
  }
  if (at < size) missing.push({ from: at, to: size })
  return missing
}

export const spannedBytes = (spans: readonly Span[]) =>
  spans.reduce((sum, { from, to }) => sum + to - from, 0)
