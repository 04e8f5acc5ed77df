import { Mark } from "#components/ui/ring/mark.tsx"
import { usePage } from "#visitor/pages/page-context.ts"

/** The logo and name of the installation's branding, or of Lapse if it has none. */
export function BrandMark() {
  const { branding } = usePage()
  if (!branding?.logo && !branding?.name) return <Mark />
  const { logo, name } = branding
  return (
    <span className="inline-flex max-w-full items-center gap-3 text-note font-semibold tracking-[-0.01em]">
      {logo && (
        // On white even in the dark scheme, because logos are designed for paper.
        // biome-ignore lint/performance/noImgElement: these pages are free of Next
        <img
          src={logo.startsWith("data:") ? logo : `/brand/${logo}`}
          alt={name ? "" : "Logo"}
          height={48}
          className="h-10 max-w-56 shrink-0 rounded-md object-contain md:h-12 dark:bg-white dark:p-1"
        />
      )}
      {name && <span className="min-w-0 wrap-anywhere">{name}</span>}
    </span>
  )
}
