export type SectionLink = { id: string; text: string }

type SectionLinksProps = { label: string; links: SectionLink[] }

/**
 * Links to the sections of a long page: the second column of a grid, only on wide screens. The
 * browser marks the section in sight.
 */
export function SectionLinks({ label, links }: SectionLinksProps) {
  return (
    <nav
      aria-label={label}
      className="sticky top-7.5 order-last mt-9 self-start pt-7 [scroll-target-group:auto] max-xl:hidden print:hidden"
    >
      <ul className="border-s border-line">
        {links.map(({ id, text }) => (
          <li key={id}>
            <a
              href={`#${id}`}
              className="-ms-px block border-s-2 border-transparent py-1.25 ps-4 text-sm text-soft hover:border-edge hover:text-ink [&:target-current]:border-accent [&:target-current]:font-medium [&:target-current]:text-ink"
            >
              {text}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}
