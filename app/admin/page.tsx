import { getLocale, getTranslations } from "next-intl/server"
import { pageOfAuditor, titledForAuditor } from "#app/(member)/page-of.tsx"
import { readerDialect } from "#app/(member)/reader-dialect.ts"
import { BarChart } from "#components/charts/bar-chart.tsx"
import { formatTime } from "#components/time/format-time.ts"
import { providerName } from "#lib/adapters/configuration.ts"
import { clocksApartSentence } from "#lib/adapters/host/clocks-apart.ts"
import { listActivityDays } from "#lib/rooms/activity/charts/roll-up.ts"
import { listFailingJobs, readOverview } from "#lib/rooms/admin/overview.ts"
import { viewBackups } from "#lib/rooms/checks/backups/view-backups.ts"
import { viewChecks } from "#lib/rooms/checks/view-checks.ts"
import { readNight } from "#lib/rooms/retention/night.ts"
import { checkHealth } from "#lib/web/health.ts"
import { HealthPart } from "./overview/health-part.tsx"
import { healthRows } from "./overview/health-rows.ts"
import { Needs } from "./overview/needs.tsx"
import { Numbers } from "./overview/numbers.tsx"
import { OverviewSection } from "./overview/overview-section.tsx"
import { StoragePart } from "./overview/storage-part.tsx"

const DAYS = 30

export const generateMetadata = titledForAuditor("overview.title")

/** The overview for admins and auditors: issues, numbers, recent activity and health. */
export default pageOfAuditor(async function OverviewPage(reader) {
  const { auditorId, now } = reader
  const t = await getTranslations("overview")
  const locale = await getLocale()
  const inUtc = { locale: await readerDialect(), timeZone: "UTC" }
  const [overview, allDays, jobs, health, checks, backups, night] = await Promise.all([
    readOverview(auditorId),
    listActivityDays(2 * DAYS),
    listFailingJobs(auditorId),
    checkHealth(),
    viewChecks(locale),
    viewBackups(auditorId),
    readNight(),
  ])
  const days = allDays.slice(-DAYS)
  const rows = await healthRows(health)
  const { keptAdmin, shares } = overview
  const charts = await getTranslations("charts")
  return (
    <>
      <h1 className="mb-5 text-title">{t("title")}</h1>
      <Needs
        reader={reader}
        failing={rows.filter(({ isWell }) => !isWell)}
        checks={checks}
        backups={backups}
        jobs={jobs}
        keptAdmin={keptAdmin && t("keptAdmin", { name: keptAdmin, provider: providerName() ?? "" })}
        night={night}
        lapsing={{ shares: shares.lapsingInADay, requests: overview.lapsingRequests }}
      />
      <Numbers overview={overview} days={days} before={allDays.slice(0, -DAYS)} />
      <div className="mt-9 grid gap-x-11 gap-y-9 lg:grid-cols-[minmax(0,1fr)_21.75rem]">
        <div className="flex min-w-0 flex-col gap-9">
          <OverviewSection title={t("activity")}>
            <BarChart
              range={charts("rangeText.month")}
              step="day"
              stepName={charts("dayInUtc")}
              bars={days.map(({ day }) => ({
                key: day,
                name: formatTime(new Date(day), "date", inUtc, null),
              }))}
              series={(["views", "claims"] as const).map((name) => ({
                name: t(name),
                counts: days.map((each) => each[name]),
              }))}
            />
            <p className="mt-1 text-sm text-soft">
              {t("refusalsText", { count: days.reduce((sum, day) => sum + day.refusals, 0) })}
            </p>
          </OverviewSection>
          <StoragePart largest={overview.largest} />
        </div>
        <HealthPart
          rows={rows}
          hint={/differ|apart/.test(health.clocks) ? clocksApartSentence(locale) : null}
          checks={checks}
          failingJobs={jobs.count}
          now={now}
        />
      </div>
    </>
  )
}, "/admin")
