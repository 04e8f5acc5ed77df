import Link from "next/link"
import { getTranslations } from "next-intl/server"
import { Dotted } from "#components/lists/dotted.tsx"
import { Section } from "#components/pages/section.tsx"
import { LocalTime } from "#components/time/local-time.tsx"
import type { LegalHold } from "#lib/rooms/admin/legal-holds.ts"
import { EndLegalHold } from "../../legal-hold.tsx"

const PAGES = { member: "members", team: "teams", share: "shares", request: "requests" }

type LegalHoldListProps = { holds: LegalHold[]; now: Date; readOnly: boolean }

/** Lists the legal holds, with what they are on, and their reasons. */
export async function LegalHoldList({ holds, now, readOnly }: LegalHoldListProps) {
  const t = await getTranslations("admin.legalHolds")
  return (
    <Section id="legal-holds" title={t("title")} lead={holds.length === 0 ? t("none") : t("lead")}>
      {holds.length > 0 && (
        <ul className="border-b border-line">
          {holds.map((hold) => (
            <li
              key={hold.id}
              className="flex items-center justify-between gap-x-6 gap-y-2 border-t border-line py-3 max-sm:flex-col max-sm:items-stretch"
            >
              <div className="min-w-0">
                <p className="font-medium wrap-anywhere">
                  <Link
                    href={`/admin/${PAGES[hold.of]}/${hold.id}`}
                    prefetch={false}
                    className="hover:text-accent"
                  >
                    <bdi>{hold.name}</bdi>
                  </Link>
                </p>
                <p className="wrap-anywhere">
                  <bdi>{hold.reason}</bdi>
                </p>
                <Dotted
                  className="text-sm text-soft"
                  items={[
                    t(`of.${hold.of}`),
                    <bdi key="owner">{hold.owner}</bdi>,
                    <LocalTime key="since" at={hold.since} form="date" now={now} />,
                  ]}
                />
              </div>
              {!readOnly && <EndLegalHold hold={hold} />}
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}
