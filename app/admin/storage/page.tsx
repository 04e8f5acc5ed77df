import { getTranslations } from "next-intl/server"
import { generateMetadata as notFoundMetadata } from "#app/not-found.tsx"
import { metadataOrOutage, orOutage } from "#app/or-outage.tsx"
import { NotFoundMessage } from "#components/pages/not-found-message.tsx"
import { LocalTime } from "#components/time/local-time.tsx"
import { Empty } from "#components/ui/empty.tsx"
import { Notice } from "#components/ui/notice.tsx"
import { findStorageCheck, type StorageCheck } from "#lib/doctor.ts"
import type { State } from "#lib/storage.ts"
import { adminPage } from "#lib/web/sign-in/current-session.ts"
import { CheckButton } from "./check-button.tsx"
import { FindingRow } from "./finding-row.tsx"

/** Findings that need action come first. */
const ORDER: State[] = ["fail", "warn", "ok", "skipped"]

export const generateMetadata = metadataOrOutage(async () => {
  if (!(await adminPage())) return notFoundMetadata()
  const t = await getTranslations("doctor.page")
  return { title: t("title") }
})

export default orOutage(async function StoragePage() {
  if (!(await adminPage())) return <NotFoundMessage home="/shares" />
  const t = await getTranslations("doctor.page")
  const { check, runningSince } = await findStorageCheck()
  return (
    <>
      <h1 className="text-title">{t("title")}</h1>
      <p className="mt-2 text-soft">{t("lead")}</p>
      <div className="mt-6 mb-9 flex flex-col gap-5">
        <CheckButton words={{ run: t("run"), hint: t("runHint") }} />
        {runningSince && (
          <Notice>
            {t("running")} <LocalTime at={runningSince} form="full" />. {t("runningHint")}
          </Notice>
        )}
      </div>
      {check ? <Report check={check} /> : <Empty title={t("never")}>{t("neverText")}</Empty>}
    </>
  )
})

async function Report({ check: { at, findings } }: { check: StorageCheck }) {
  const t = await getTranslations("doctor.page")
  const inState = (state: State) => findings.filter((finding) => finding.state === state)
  return (
    <>
      <p className="text-lg font-semibold tracking-[-0.015em]">
        {summary(t, inState("fail").length, inState("warn").length)}
      </p>
      <p className="mt-1 mb-8 text-soft">
        {t("lastRun")} <LocalTime at={at} form="full" />
      </p>
      {ORDER.map((state) => {
        const some = inState(state)
        if (some.length === 0) return null
        return (
          <section key={state} className="mb-9">
            <h2 className="mb-2 font-semibold">{t(`sorted.${state}`)}</h2>
            <ul>
              {some.map((finding) => (
                <FindingRow key={finding.id} finding={finding} />
              ))}
            </ul>
          </section>
        )
      })}
    </>
  )
}

type Words = Awaited<ReturnType<typeof getTranslations<"doctor.page">>>

function summary(t: Words, fails: number, warnings: number) {
  if (fails + warnings === 0) return t("allWell")
  const parts = [
    ...(fails > 0 ? [t("summaryFail", { count: fails })] : []),
    ...(warnings > 0 ? [t("summaryWarn", { count: warnings })] : []),
  ]
  return parts.join(" ")
}
