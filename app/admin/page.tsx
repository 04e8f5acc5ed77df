import { getLocale, getTranslations } from "next-intl/server"
import { pageOfAdmin, titledForAdmin } from "#app/(member)/page-of.tsx"
import { BarChart } from "#components/charts/bar-chart.tsx"
import { anyReader, formatTime } from "#components/time/format-time.ts"
import { Notice } from "#components/ui/notice.tsx"
import { providerName } from "#lib/adapters/configuration.ts"
import { listActivityDays } from "#lib/rooms/activity/charts/roll-up.ts"
import { listFailingJobs, readOverview } from "#lib/rooms/admin/overview.ts"
import { viewChecks } from "#lib/rooms/checks/view-checks.ts"
import { checkHealth } from "#lib/web/health.ts"
import { HealthPart } from "./overview/health-part.tsx"
import { JobsPart } from "./overview/jobs-part.tsx"
import { OpenShareCounts } from "./overview/open-share-counts.tsx"
import { OverviewSection } from "./overview/overview-section.tsx"
import { StoragePart } from "./overview/storage-part.tsx"

const DAYS = 30

export const generateMetadata = titledForAdmin("overview.title")

/** The overview for admins: usage, recent activity and problems. */
export default pageOfAdmin(async function OverviewPage({ adminId, now }) {
  const t = await getTranslations("overview")
  const [overview, days, jobs, health, checks] = await Promise.all([
    readOverview(adminId),
    listActivityDays(DAYS),
    listFailingJobs(adminId),
    checkHealth(),
    viewChecks(),
  ])
  const reader = anyReader(await getLocale())
  const charts = await getTranslations("charts")
  const range = charts("rangeText.month")
  const refusals = days.reduce((sum, day) => sum + day.refusals, 0)
  return (
    <>
      <h1 className="mb-7 text-title">{t("title")}</h1>
      {overview.keptAdmin && (
        <Notice tone="danger" className="mb-7">
          {t("keptAdmin", { name: overview.keptAdmin, provider: providerName() ?? "" })}
        </Notice>
      )}
      <OpenShareCounts shares={overview.shares} />
      <div className="mt-9 grid gap-x-11 gap-y-9 lg:grid-cols-2">
        {(["views", "claims"] as const).map((name) => (
          <OverviewSection key={name} title={charts("title", { name: t(name), range })}>
            <BarChart
              name={t(name)}
              range={range}
              step="day"
              stepName={charts("dayInUtc")}
              bars={days.map((each) => ({
                key: each.day,
                name: formatTime(new Date(each.day), "date", reader, null),
                count: each[name],
              }))}
            />
          </OverviewSection>
        ))}
        <StoragePart overview={overview} />
        <div className="flex flex-col gap-9">
          <HealthPart health={health} checks={checks} />
          <JobsPart {...jobs} now={now} />
          <OverviewSection title={t("refusals")}>
            <p>{t("refusalsText", { count: refusals })}</p>
          </OverviewSection>
        </div>
      </div>
    </>
  )
}, "/admin")
