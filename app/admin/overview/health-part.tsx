import { Check, TriangleAlert } from "lucide-react"
import { getTranslations } from "next-intl/server"
import type { ReactNode } from "react"
import { RelativeTime } from "#components/time/local-time.tsx"
import { TextLink } from "#components/ui/text-link.tsx"
import { needsAttention } from "#lib/rooms/checks/describe-finding.ts"
import type { ChecksView } from "#lib/rooms/checks/view-checks.ts"
import type { HealthRow } from "./health-rows.ts"
import { OverviewSection } from "./overview-section.tsx"

type HealthPartProps = {
  rows: HealthRow[]
  /** The sentence about clocks that differ. */
  hint: string | null
  checks: ChecksView
  failingJobs: number
  now: Date
}

/** Whether all parts of the installation work and the checks passed. */
export async function HealthPart(props: HealthPartProps) {
  const { rows, hint, checks, failingJobs, now } = props
  const t = await getTranslations("overview")
  const { items, checkedAt, runningSince } = checks
  const passed = items.filter(({ state }) => state === "ok").length
  const attention = items.filter(needsAttention).length
  return (
    <OverviewSection title={t("health")}>
      <dl className="text-[0.9375rem]">
        {rows.map(({ name, state, isWell }) => (
          <Row key={name} name={name} isWell={isWell}>
            {state}
          </Row>
        ))}
        <Row name={t("jobs")} isWell={failingJobs === 0}>
          {failingJobs === 0 ? t("jobsOk") : t("jobsFailing", { count: failingJobs })}
        </Row>
        <Row name={t("checks")} isWell={attention === 0 && checkedAt !== null}>
          <TextLink href="/admin/checks">
            {runningSince
              ? t("checksRunning")
              : checkedAt
                ? t.rich("checksPassed", {
                    passed,
                    all: passed + attention,
                    at: () => <RelativeTime at={checkedAt} now={now} />,
                  })
                : t("checksNever")}
          </TextLink>
        </Row>
      </dl>
      {hint && <p className="mt-2 text-sm text-soft">{hint}</p>}
    </OverviewSection>
  )
}

type RowProps = { name: string; isWell: boolean; children: ReactNode }

const Row = ({ name, isWell, children }: RowProps) => (
  <div className="flex flex-wrap items-center justify-between gap-x-4 border-t border-line py-2">
    <dt className="flex items-center gap-2">
      {isWell ? (
        <Check aria-hidden size={16} className="text-ok" />
      ) : (
        <TriangleAlert aria-hidden size={16} className="text-warning-ink" />
      )}
      {name}
    </dt>
    <dd className="text-soft">{children}</dd>
  </div>
)
