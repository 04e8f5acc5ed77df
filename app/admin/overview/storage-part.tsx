import Link from "next/link"
import { getLocale, getTranslations } from "next-intl/server"
import { BarTable } from "#components/charts/bar-table.tsx"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import type { Overview } from "#lib/rooms/admin/overview.ts"
import { OverviewSection } from "./overview-section.tsx"

type StoragePartProps = Pick<Overview, "largest">

/** The members who use most storage, as a table with bars. */
export async function StoragePart({ largest }: StoragePartProps) {
  const t = await getTranslations("overview")
  const locale = await getLocale()
  return (
    <OverviewSection title={t("storage")}>
      {largest.length === 0 ? (
        <p>{t("noStorage")}</p>
      ) : (
        <BarTable
          nameColumn={t("member")}
          columns={[t("size")]}
          rows={largest.map(({ id, name, usedBytes }) => ({
            key: id,
            name: (
              <Link
                href={`/admin/members/${id}`}
                prefetch={false}
                className="block truncate hover:text-accent"
              >
                {name}
              </Link>
            ),
            cells: [formatBytes(usedBytes, locale)],
            size: usedBytes,
          }))}
        />
      )}
    </OverviewSection>
  )
}
