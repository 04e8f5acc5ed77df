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

/** The logo and name of an installation that has its own. */
export function BrandMark({ name, logo }: { name: string | null; logo: string | null }) {
  return (
    <span className="inline-flex max-w-full items-center gap-2.5 rounded-md font-semibold tracking-[-0.01em]">
      {logo && (
        // On white even in the dark scheme, because logos are designed for paper.
        // biome-ignore lint/performance/noImgElement: a small picture in its final size
        <img
          src={`/brand/${logo}`}
          alt={name ? "" : "Logo"}
          height={36}
          className="h-9 max-w-40 shrink-0 rounded-md object-contain dark:bg-white dark:p-1"
        />
      )}
      {name && <span className="min-w-0 wrap-anywhere">{name}</span>}
    </span>
  )
}
