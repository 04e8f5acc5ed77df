import Link from "next/link"
import { getLocale, getTranslations } from "next-intl/server"
import { type Overview, SHARES_COUNTED_TO } from "#lib/rooms/admin/overview.ts"

/** The number of open shares, and of those that expire soon. */
export async function OpenShareCounts({ shares }: { shares: Overview["shares"] }) {
  const t = await getTranslations("overview")
  const locale = await getLocale()
  return (
    <section>
      <h2 className="sr-only">{t("shares")}</h2>
      <dl className="flex flex-wrap gap-x-13 gap-y-5">
        {(["open", "lapsingInADay", "lapsingInAWeek"] as const).map((name) => (
          <div key={name} className="flex flex-col-reverse">
            <dt className="text-sm text-soft">{t(name)}</dt>
            <dd className="text-display font-semibold tracking-[-0.02em]">
              <Link
                href="/admin/shares?status=open"
                prefetch={false}
                className="rounded-md hover:text-accent"
              >
                {shares[name] > SHARES_COUNTED_TO
                  ? t("moreThan", { count: SHARES_COUNTED_TO })
                  : shares[name].toLocaleString(locale)}
              </Link>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
