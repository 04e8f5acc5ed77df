import Link from "next/link"
import { classNames } from "./class-names.ts"
import { Ring } from "./ring.tsx"

/** The sign of the product: a ring three quarters full. A link where `href` is given. */
export function Mark({ href, className }: { href?: string; className?: string }) {
  const look = classNames(
    "inline-flex items-center gap-2.25 font-semibold tracking-[-0.01em] rounded-md",
    className,
  )
  const sign = (
    <>
      <Ring fraction={0.72} size={22} />
      <span>Lapse</span>
    </>
  )
  if (href === undefined) return <span className={look}>{sign}</span>
  return (
    <Link href={href} className={look} prefetch={false}>
      {sign}
    </Link>
  )
}
