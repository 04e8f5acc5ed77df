import { Ring } from "./ring.tsx"

/** The logo: a ring that is three quarters full, and the name. */
export function Mark() {
  return (
    <span className="inline-flex items-center gap-2.25 rounded-md font-semibold tracking-[-0.01em]">
      <Ring fraction={0.72} size={22} />
      <span>Lapse</span>
    </span>
  )
}
