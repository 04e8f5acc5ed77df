import { getLocale, getTranslations } from "next-intl/server"
import { Facts, LinedFact } from "#components/pages/facts.tsx"
import { RefreshWhile } from "#components/refresh/refresh-while.tsx"
import { LocalTime, RelativeTime } from "#components/time/local-time.tsx"
import { BACKUP_STEPS } from "#lib/adapters/database/backup-lock.ts"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import type { BackupsView } from "#lib/rooms/checks/backups/view-backups.ts"
import { WithCode } from "../with-code.tsx"
import { BackUpButton } from "./back-up-button.tsx"

type BackupPartProps = {
  backups: BackupsView
  /** False for auditors, and where the list above has the button. */
  hasButton: boolean
  now: Date
}

/** Shows when the last backup was made, when the next is due, and the step of a running one. */
export async function BackupPart({ backups, hasButton, now }: BackupPartProps) {
  const t = await getTranslations("admin.backups")
  const locale = await getLocale()
  const { state, step, since, last, nextAt } = backups
  const isRunning = state === "running" || state === "waiting"
  if (state === "elsewhere") return null
  return (
    <section aria-labelledby="backups" className="mb-9">
      <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
        <h2 id="backups" className="font-semibold">
          {t("title")}
        </h2>
        {state !== "not_set" && hasButton && <BackUpButton variant="quiet" isRunning={isRunning} />}
      </div>
      {isRunning && (
        <div role="status" className="mb-4 max-w-140">
          <p className="font-medium">{step ? t(`steps.${step}`) : t("waiting")}</p>
          {step && (
            <progress
              aria-label={t("progress")}
              max={BACKUP_STEPS.length}
              value={BACKUP_STEPS.indexOf(step) + 0.5}
              className="mt-2 h-1.5 w-full accent-accent"
            />
          )}
          {since && (
            <p className="mt-1 text-sm text-soft">
              {t.rich("since", { since: () => <RelativeTime at={since} now={now} /> })}
            </p>
          )}
        </div>
      )}
      <Facts>
        <LinedFact name={t("last")}>
          {last ? (
            <>
              <LocalTime at={last.at} form="short" now={now} /> · {formatBytes(last.bytes, locale)}
              <div className="text-sm text-soft">
                <WithCode text={`\`${last.directory}\``} />
              </div>
            </>
          ) : (
            t("none")
          )}
        </LinedFact>
        <LinedFact name={t("next")}>
          {nextAt ? (
            <LocalTime at={nextAt} form="short" now={now} />
          ) : (
            <WithCode text={t("notSet")} />
          )}
        </LinedFact>
      </Facts>
      <RefreshWhile what="backup" left={isRunning} />
    </section>
  )
}
