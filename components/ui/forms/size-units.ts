/** The units of sizes in the form, the smallest first. */
export const UNITS = [
  { unit: "MB", bytes: 1e6 },
  { unit: "GB", bytes: 1e9 },
  { unit: "TB", bytes: 1e12 },
] as const

/** Converts a size to the largest unit in which it is at least one. */
export function inUnit(size: number): { amount: number; unit: string } {
  const fitting = [...UNITS].reverse().find(({ bytes }) => size >= bytes) ?? UNITS[0]
  return { amount: Number((size / fitting.bytes).toPrecision(15)), unit: fitting.unit }
}
