import { Ring } from "./ring.tsx"

/** The sign of the product: a ring three quarters full, and its name. */
export function Mark() {
  return (
    <span className="inline-flex items-center gap-2.25 rounded-md font-semibold tracking-[-0.01em]">
      <Ring fraction={0.72} size={22} />
      <span>Lapse</span>
    </span>
  )
}
