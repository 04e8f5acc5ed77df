import type { Locale } from "next-intl"
import { getLocale, getTranslations } from "next-intl/server"
import { pageOfAuditor, titledForAuditor } from "#app/(member)/page-of.tsx"
import { LocalTime } from "#components/time/local-time.tsx"
import { Disclosure } from "#components/ui/disclosure.tsx"
import { listed } from "#lib/adapters/text/intl-formatters.ts"
import { viewBackups } from "#lib/rooms/checks/backups/view-backups.ts"
import { type CheckLine, needsAttention } from "#lib/rooms/checks/describe-finding.ts"
import { viewChecks } from "#lib/rooms/checks/view-checks.ts"
import { Need, NeedList } from "../need-list.tsx"
import { WithCode } from "../with-code.tsx"
import { BackUpButton } from "./back-up-button.tsx"
import { BackupPart } from "./backup-part.tsx"
import { CheckRow, CheckText } from "./check-row.tsx"
import { ChecksRunner } from "./checks-runner.tsx"
import { FirstSteps } from "./first-steps.tsx"

const GROUPS = ["address", "storage", "server", "people", "backups"] as const
/** Older results are replaced as soon as the page is open. */
const FRESH_MS = 3_600_000

export const generateMetadata = titledForAuditor("checks.page.title")

export default pageOfAuditor(async function ChecksPage(reader) {
  const { auditorId, adminId, now } = reader
  const t = await getTranslations("checks.page")
  const locale = await getLocale()
  const [{ items, checkedAt, runningSince }, backups] = await Promise.all([
    viewChecks(locale),
    viewBackups(auditorId),
  ])
  // The run at startup has no browser to test.
  const isWhole = items.every(({ id, code }) => id !== "browser" || code !== "never")
  const isFresh = checkedAt && isWhole && Number(now) - Date.parse(checkedAt) < FRESH_MS
  const attention = items.filter(needsAttention)
  const isBackupNeeded = attention.some(({ id }) => id === "backup")
  const isBackupAsked = adminId !== null && backups.state === "idle" && isBackupNeeded
  // The list already says that there is no backup, and which setting makes one.
  const isBackupExplained = backups.state === "not_set" && !backups.last && isBackupNeeded
  return (
    <ChecksRunner
      head={<h1 className="text-title">{t("title")}</h1>}
      before={
        <>
          <p className="mt-2 text-soft">
            <WithCode text={t("lead")} />
          </p>
          {adminId && (
            <FirstSteps adminId={adminId} allWell={checkedAt !== null && attention.length === 0} />
          )}
        </>
      }
      readOnly={adminId === null}
      starts={!isFresh && !runningSince}
      runsElsewhere={runningSince !== null}
      words={{ run: t("run"), checking: t("checking"), hint: t("checkingHint") }}
      summary={<Summary items={items} checkedAt={checkedAt} />}
    >
      {attention.length > 0 && (
        <section aria-labelledby="attention" className="mb-9">
          <h2 id="attention" className="sr-only">
            {t("attention")}
          </h2>
          <NeedList>
            {attention.map((line) => (
              <Need
                key={line.id}
                tone={line.state === "fail" ? "danger" : "warning"}
                state={t(`state.${line.state}`)}
                title={line.name}
                action={isBackupAsked && line.id === "backup" && <BackUpButton />}
              >
                <CheckText line={line} />
              </Need>
            ))}
          </NeedList>
        </section>
      )}
      {!isBackupExplained && (
        <BackupPart backups={backups} hasButton={adminId !== null && !isBackupAsked} now={now} />
      )}
      <div className="border-b border-line">
        {GROUPS.map((group) => (
          <Group
            key={group}
            title={t(`groups.${group}`)}
            lines={items.filter((line) => line.group === group && !needsAttention(line))}
          />
        ))}
      </div>
    </ChecksRunner>
  )
}, "/admin")

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
        {t("lastRun")} <LocalTime at={checkedAt} form="short" />
      </p>
    </>
  )
}

/** The passed lines of a group, folded. */
async function Group({ title, lines }: { title: string; lines: CheckLine[] }) {
  if (lines.length === 0) return null
  const t = await getTranslations("checks.page")
  const locale = await getLocale()
  return (
    <section className="border-t border-line">
      <Disclosure
        summary={
          <>
            <h2 className="inline text-base text-ink">{title}</h2>{" "}
            <span className="ms-2 font-normal">{summaryOf(t, lines, locale)}</span>
          </>
        }
      >
        <ul>
          {lines.map((line) => (
            <CheckRow key={line.id} line={line} />
          ))}
        </ul>
      </Disclosure>
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
