import type { Locale } from "next-intl"
import { getLocale, getTranslations } from "next-intl/server"
import { pageOfAdmin, titledForAdmin } from "#app/(member)/page-of.tsx"
import { LocalTime } from "#components/time/local-time.tsx"
import { Disclosure } from "#components/ui/disclosure.tsx"
import { listed } from "#lib/adapters/text/intl-formatters.ts"
import type { CheckLine } from "#lib/rooms/checks/describe-finding.ts"
import { viewChecks } from "#lib/rooms/checks/view-checks.ts"
import { CheckRow, WithCode } from "./check-row.tsx"
import { ChecksRunner } from "./checks-runner.tsx"
import { FirstSteps } from "./first-steps.tsx"

const GROUPS = ["address", "storage", "server", "people", "backups"] as const
/** A group with more lines folds them. */
const OPEN_LINES = 8
/** Older results are replaced as soon as the page is open. */
const FRESH_MS = 3_600_000

export const generateMetadata = titledForAdmin("checks.page.title")

export default pageOfAdmin(async function ChecksPage(admin) {
  const t = await getTranslations("checks.page")
  const { items, checkedAt, runningSince } = await viewChecks(await getLocale())
  const isFresh = checkedAt && Number(admin.now) - Date.parse(checkedAt) < FRESH_MS
  return (
    <>
      <h1 className="text-title">{t("title")}</h1>
      <p className="mt-2 text-soft">
        <WithCode text={t("lead")} />
      </p>
      <FirstSteps adminId={admin.adminId} allWell={checkedAt !== null && !items.some(needsWork)} />
      <ChecksRunner
        starts={!isFresh && !runningSince}
        runsElsewhere={runningSince !== null}
        words={{ run: t("run"), checking: t("checking"), hint: t("checkingHint") }}
        summary={<Summary items={items} checkedAt={checkedAt} />}
      >
        <Section title={t("attention")} lines={items.filter(needsWork)} />
        {GROUPS.map((group) => (
          <Section
            key={group}
            title={t(`groups.${group}`)}
            lines={items.filter((line) => line.group === group && !needsWork(line))}
            folds
          />
        ))}
      </ChecksRunner>
    </>
  )
}, "/admin")

const needsWork = ({ state }: CheckLine) => state === "fail" || state === "warn"

async function Summary({ items, checkedAt }: { items: CheckLine[]; checkedAt: string | null }) {
  const t = await getTranslations("checks.page")
  const locale = await getLocale()
  if (!checkedAt)
    return (
      <>
        <p className="text-lg font-semibold tracking-[-0.015em]">{t("never")}</p>
        <p className="mt-1 text-soft">{t("neverText")}</p>
      </>
    )
  const count = (state: CheckLine["state"]) => items.filter((line) => line.state === state).length
  const parts = [
    ...(count("fail") > 0 ? [t("summaryFail", { count: count("fail") })] : []),
    ...(count("warn") > 0 ? [t("summaryWarn", { count: count("warn") })] : []),
  ]
  return (
    <>
      <p className="text-lg font-semibold tracking-[-0.015em]">
        {parts.length > 0 ? listed(parts, locale) : t("allWell")}
      </p>
      <p className="mt-1 text-soft">
        {t("lastRun")} <LocalTime at={checkedAt} form="full" />
      </p>
    </>
  )
}

type SectionProps = { title: string; lines: CheckLine[]; folds?: boolean }

async function Section({ title, lines, folds = false }: SectionProps) {
  if (lines.length === 0) return null
  const t = await getTranslations("checks.page")
  const locale = await getLocale()
  const rows = (
    <ul>
      {lines.map((line) => (
        <CheckRow key={line.id} line={line} />
      ))}
    </ul>
  )
  return (
    <section className="mb-9">
      <h2 className="mb-2 font-semibold">{title}</h2>
      {folds && lines.length > OPEN_LINES ? (
        <div className="border-t border-line">
          <Disclosure summary={summaryOf(t, lines, locale)}>{rows}</Disclosure>
        </div>
      ) : (
        rows
      )}
    </section>
  )
}

type Words = Awaited<ReturnType<typeof getTranslations<"checks.page">>>

function summaryOf(t: Words, lines: CheckLine[], locale: Locale) {
  const passed = lines.filter(({ state }) => state === "ok").length
  const skipped = lines.length - passed
  const parts = [
    ...(passed > 0 ? [t("passed", { count: passed })] : []),
    ...(skipped > 0 ? [t("skipped", { count: skipped })] : []),
  ]
  return listed(parts, locale)
}
