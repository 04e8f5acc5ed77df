import { getLocale, getTranslations } from "next-intl/server"
import { generateMetadata as notFoundMetadata } from "#app/not-found.tsx"
import { metadataOrOutage, orOutage } from "#app/or-outage.tsx"
import { BarChart } from "#components/charts/bar-chart.tsx"
import { NotFoundMessage } from "#components/pages/not-found-message.tsx"
import { anyReader, formatTime } from "#components/time/format-time.ts"
import { Notice } from "#components/ui/notice.tsx"
import { listActivityDays } from "#lib/activity/charts/roll-up.ts"
import { listFailingJobs, readOverview } from "#lib/admin/overview.ts"
import { viewChecks } from "#lib/checks/view-checks.ts"
import { providerName } from "#lib/configuration.ts"
import { checkHealth } from "#lib/web/health.ts"
import { adminPage } from "#lib/web/sign-in/current-session.ts"
import { HealthPart } from "./overview/health-part.tsx"
import { JobsPart } from "./overview/jobs-part.tsx"
import { OpenShareCounts } from "./overview/open-share-counts.tsx"
import { OverviewSection } from "./overview/overview-section.tsx"
import { StoragePart } from "./overview/storage-part.tsx"

const DAYS = 30

export const generateMetadata = metadataOrOutage(async () => {
  if (!(await adminPage())) return notFoundMetadata()
  const t = await getTranslations("overview")
  return { title: t("title") }
})

/** The overview for admins: usage, recent activity and problems. */
export default orOutage(async function OverviewPage() {
  const admin = await adminPage()
  if (!admin) return <NotFoundMessage home="/shares" />
  const { adminId } = admin
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
        <div className="mb-7">
          <Notice tone="danger">
            {t("keptAdmin", { name: overview.keptAdmin, provider: providerName() ?? "" })}
          </Notice>
        </div>
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
          <JobsPart {...jobs} now={admin.now} />
          <OverviewSection title={t("refusals")}>
            <p>{t("refusalsText", { count: refusals })}</p>
          </OverviewSection>
        </div>
      </div>
    </>
  )
})
