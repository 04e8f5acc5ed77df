import { getLocale, getTranslations } from "next-intl/server"
import { Badge } from "#components/ui/badge.tsx"
import { TextLink } from "#components/ui/text-link.tsx"
import { clocksApartSentence } from "#lib/adapters/host/clocks-apart.ts"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import type { ChecksView } from "#lib/rooms/checks/view-checks.ts"
import type { Health } from "#lib/web/health.ts"
import { OverviewSection } from "./overview-section.tsx"

/** Describes the result of /api/health, and sums up the checks. */
export async function HealthPart({ health, checks }: { health: Health; checks: ChecksView }) {
  const t = await getTranslations("overview")
  const locale = await getLocale()
  const { status, database, storage, clocks, disk, freeBytes } = health
  const parts = [
    { name: t("database"), state: database },
    { name: t("bucket"), state: storage },
    { name: t("clocks"), state: clocks },
    ...(disk ? [{ name: t("disk"), state: disk }] : []),
  ]
  return (
    <OverviewSection
      title={
        <span className="flex flex-wrap items-center gap-2.5">
          {t("health")}
          <Badge tone={status === "ok" ? "ok" : "danger"}>
            {t(status === "ok" ? "healthOk" : "healthFailing")}
          </Badge>
        </span>
      }
    >
      <dl className="grid grid-cols-[max-content_1fr] gap-x-6 gap-y-1.5">
        {parts.map(({ name, state }) => (
          <div key={name} className="contents">
            <dt className="text-soft">{name}</dt>
            <dd className={state === "ok" || state === "differ" ? undefined : "text-danger"}>
              {t(`parts.${state}`)}
              {name === t("disk") && freeBytes !== undefined && (
                <span className="text-soft">
                  {" "}
                  · {t("free", { size: formatBytes(freeBytes, locale) })}
                </span>
              )}
            </dd>
          </div>
        ))}
        <dt className="text-soft">{t("checks")}</dt>
        <dd>
          <TextLink href="/admin/checks">{summaryOf(t, checks)}</TextLink>
        </dd>
      </dl>
      {(clocks === "differ" || clocks === "apart") && (
        <p className="mt-2 text-sm text-soft">{clocksApartSentence(locale)}</p>
      )}
    </OverviewSection>
  )
}

function summaryOf(
  t: Awaited<ReturnType<typeof getTranslations<"overview">>>,
  { items, checkedAt }: ChecksView,
) {
  if (!checkedAt) return t("checksNever")
  const count = items.filter(({ state }) => state === "fail" || state === "warn").length
  return count > 0 ? t("checksAttention", { count }) : t("checksOk")
}
