import { getTranslations } from "next-intl/server"
import { RelativeTime } from "#components/time/local-time.tsx"
import type { FailingJob } from "#lib/rooms/admin/overview.ts"
import { OverviewSection } from "./overview-section.tsx"

type JobsPartProps = { count: number; jobs: FailingJob[]; now: Date }

/** The failed jobs that have not succeeded since. */
export async function JobsPart({ count, jobs, now }: JobsPartProps) {
  const t = await getTranslations("overview")
  return (
    <OverviewSection title={t("jobs")}>
      {count === 0 ? (
        <p>{t("jobsOk")}</p>
      ) : (
        <>
          <p className="text-danger">{t("jobsFailing", { count })}</p>
          <ul className="mt-1.5 text-sm text-soft">
            {jobs.map(({ task, attempts, maxAttempts, runsAt }) => (
              <li key={`${task} ${runsAt}`}>
                {t("job", { task, attempts })}
                {attempts >= maxAttempts
                  ? t("jobGivenUp")
                  : t.rich("jobRuns", {
                      at: () => <RelativeTime at={runsAt} now={now.toISOString()} />,
                    })}
              </li>
            ))}
          </ul>
          <p className="mt-1.5 text-sm text-soft">{t("jobsHint")}</p>
        </>
      )}
    </OverviewSection>
  )
}
