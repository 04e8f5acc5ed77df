import { getLocale, getTranslations } from "next-intl/server"
import { LocalTime } from "#components/time/local-time.tsx"
import { listed } from "#lib/adapters/text/intl-formatters.ts"
import { numberToConfirm } from "#lib/rooms/shares/revoke/number-to-confirm.ts"
import type { RevocationPreview } from "#lib/rooms/shares/revoke/revoke-shares.ts"
import { LockedToo } from "../shares/locked-too.tsx"
import type { TARGETS } from "./panic-query.ts"

const KINDS = ["shares", "scheduled", "requests"] as const

type DryRunProps = {
  what: (typeof TARGETS)[number]
  /** The name of the member or the file. */
  name: string
  result: RevocationPreview
  times: { from: string; to: string }
  now: string
}

/** Describes which shares a revocation would close, and which it would leave open. */
export async function DryRun({ what, name, result, times, now }: DryRunProps) {
  const t = await getTranslations("admin.panic")
  const locale = await getLocale()
  const { count, open, opened, alreadyRevoked, reach } = result
  const isAlike = open === 0 || opened.shares === count
  const kinds = KINDS.flatMap((kind) =>
    opened[kind] > 0 ? t(`opened.${kind}`, { count: opened[kind] }) : [],
  )
  return (
    <section aria-labelledby="dry-run" className="rounded-[10px] bg-warning px-5 py-4.5">
      <h2 id="dry-run" className="text-sm font-medium text-soft">
        {t("dryRun")}
      </h2>
      <p className="mt-1.5 text-lg font-semibold tracking-[-0.01em] wrap-anywhere">
        {count === 0
          ? t(`nothing.${what}`, { name })
          : reach && isAlike
            ? t(`subject.${what}`, { count, name, files: reach.files })
            : t("stops", {
                count: numberToConfirm(result),
                scheduled: opened.scheduled > 0 ? "yes" : "no",
                what,
                name,
              })}
      </p>
      {what === "time" && (
        <p className="mt-1 text-sm text-soft">
          <Times {...times} now={now} />
        </p>
      )}
      {count + alreadyRevoked > 0 && (
        <ul className="mt-2.5 flex flex-col gap-1 text-[0.9375rem]">
          {!isAlike && <li>{listed(kinds, locale)}</li>}
          <LockedToo counted={result} />
          {reach && <li>{t("exposed", { files: reach.exposedFiles })}</li>}
          {reach && reach.filesElsewhere > 0 && (
            <li>{t("elsewhere", { files: reach.filesElsewhere })}</li>
          )}
          {alreadyRevoked > 0 && (
            <li>{t("already", { count: alreadyRevoked, more: count > 0 ? "yes" : "no" })}</li>
          )}
        </ul>
      )}
    </section>
  )
}

async function Times({ from, to, now }: { from: string; to: string; now: string }) {
  const t = await getTranslations("admin.panic")
  const time = (at: string) => () => <LocalTime at={at} form="short" zone now={now} />
  if (from && to) return t.rich("created", { from: time(from), to: time(to) })
  return from ? t.rich("createdFrom", { from: time(from) }) : t.rich("createdTo", { to: time(to) })
}
