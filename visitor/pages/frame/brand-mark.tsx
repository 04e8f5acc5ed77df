import { Mark } from "#components/ui/ring/mark.tsx"
import { useBranding } from "./use-branding.ts"

/** The logo and name of the installation's branding, else those of Lapse. */
export function BrandMark() {
  const branding = useBranding()
  if (!branding?.logo && !branding?.name) return <Mark />
  const { logo, name } = branding
  return (
    <span className="inline-flex max-w-full items-center gap-2.5 font-semibold tracking-[-0.01em]">
      {logo && (
        // On white also in the dark scheme, because logos are designed for paper.
        // biome-ignore lint/performance/noImgElement: these pages are free of Next
        <img
          src={`/brand/${logo}`}
          alt={name ? "" : "Logo"}
          height={36}
          className="h-9 max-w-48 shrink-0 rounded-md object-contain dark:bg-white dark:p-1"
        />
      )}
      {name && <span className="min-w-0 wrap-anywhere">{name}</span>}
    </span>
  )
}
