import Link from "next/link"
import { getLocale, getTranslations } from "next-intl/server"
import { Section } from "#components/pages/section.tsx"
import { LocalTime } from "#components/time/local-time.tsx"
import { LinkButton } from "#components/ui/button.tsx"
import { Table } from "#components/ui/tables/table.tsx"
import { listed } from "#lib/adapters/text/intl-formatters.ts"
import { type OutsideShares as Found, REASONS } from "#lib/rooms/admin/find-outside-shares.ts"
import { ShortenForm } from "./shorten-form.tsx"

type OutsideSharesProps = {
  /** Null before the admin requests them. */
  found: Found | null
  /** The suggested number of days until they end. */
  days: number
  now: string
}

/** Lists the open shares that exceed the current settings, with a form that ends them earlier. */
export async function OutsideShares({ found, days, now }: OutsideSharesProps) {
  const t = await getTranslations("settings.outside")
  return (
    <Section id="outside" title={t("title")} lead={t("lead")}>
      {found === null ? (
        <LinkButton href="/admin/settings/sharing?outside=1#outside" variant="quiet">
          {t("look")}
        </LinkButton>
      ) : found.count === 0 ? (
        <p>{t("none")}</p>
      ) : (
        <>
          <p className="font-semibold">{t("count", { count: found.count })}</p>
          <ul className="mt-1.5 mb-6 flex flex-wrap gap-x-6 text-sm text-soft">
            {REASONS.filter((reason) => found.reasons[reason] > 0).map((reason) => (
              <li key={reason}>
                {t("reasonCount", {
                  reason: t(`reasons.${reason}`),
                  count: found.reasons[reason],
                })}
              </li>
            ))}
          </ul>
          <ShortenForm days={days} />
          {found.count > found.first.length && (
            <p className="mt-8 text-sm text-soft">{t("first")}</p>
          )}
          <div className="mt-4">
            <List found={found} now={now} />
          </div>
        </>
      )}
    </Section>
  )
}

async function List({ found, now }: { found: Found; now: string }) {
  const t = await getTranslations("settings.outside")
  const locale = await getLocale()
  return (
    <Table
      rows={found.first}
      columns={[
        {
          head: t("columnShare"),
          className: "w-1/2 max-w-0 min-w-32",
          cell: ({ id, title }) => (
            <Link
              href={`/admin/shares/${id}`}
              prefetch={false}
              className="block truncate font-medium hover:text-accent"
            >
              <bdi>{title || t("untitled")}</bdi>
            </Link>
          ),
        },
        {
          head: t("columnOwner"),
          className: "text-soft whitespace-nowrap max-sm:hidden",
          cell: ({ owner }) => owner,
        },
        {
          head: t("columnEnds"),
          className: "text-soft whitespace-nowrap",
          cell: ({ expiresAt }) =>
            expiresAt ? <LocalTime at={expiresAt} form="date" now={now} /> : t("never"),
        },
        {
          head: t("columnWhy"),
          className: "text-soft",
          cell: ({ reasons }) => {
            const words = reasons.map((reason) => t(`reasons.${reason}`))
            return <span className="text-sm">{listed(words, locale)}</span>
          },
        },
      ]}
    />
  )
}
