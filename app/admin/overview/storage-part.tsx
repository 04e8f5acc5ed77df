import Link from "next/link"
import { getTranslations } from "next-intl/server"
import type { Overview } from "#lib/admin/overview.ts"
import { formatBytes } from "#lib/format-bytes.ts"
import { OverviewSection } from "./overview-section.tsx"

type StoragePartProps = { overview: Pick<Overview, "largest" | "usedBytes" | "members"> }

/** Who uses most, as bars in a table. */
export async function StoragePart({ overview }: StoragePartProps) {
  const t = await getTranslations("overview")
  const { largest, usedBytes, members } = overview
  const most = largest[0]?.usedBytes ?? 1
  return (
    <OverviewSection title={t("storage")}>
      <p className="mb-3 text-soft">
        {t("storageTotal", { size: formatBytes(usedBytes), members })}
      </p>
      {largest.length === 0 ? (
        <p>{t("noStorage")}</p>
      ) : (
        <table className="w-full text-[0.9375rem]">
          <thead className="sr-only">
            <tr>
              <th scope="col">{t("member")}</th>
              <th scope="col">{t("size")}</th>
            </tr>
          </thead>
          <tbody>
            {largest.map(({ id, name, usedBytes }) => (
              <tr key={id} className="border-t border-line">
                <td className="w-full max-w-0 py-2 pr-4">
                  <Link
                    href={`/admin/members/${id}`}
                    prefetch={false}
                    className="block truncate hover:text-accent"
                  >
                    {name}
                  </Link>
                  <span
                    aria-hidden
                    className="mt-1 block h-1.5 rounded-full bg-accent"
                    style={{ width: `${Math.max(1, (usedBytes / most) * 100)}%` }}
                  />
                </td>
                <td className="py-2 text-right align-top whitespace-nowrap text-soft">
                  {formatBytes(usedBytes)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </OverviewSection>
  )
}
