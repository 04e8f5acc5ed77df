import Link from "next/link"
import { getTranslations } from "next-intl/server"
import { Badge } from "#components/ui/badge.tsx"
import { formatBytes } from "#lib/text/format-bytes.ts"
import type { Health } from "#lib/web/health.ts"
import { OverviewSection } from "./overview-section.tsx"

/** Describes the result of /api/health. */
export async function HealthPart({ health }: { health: Health }) {
  const t = await getTranslations("overview")
  const { status, database, storage, clocks, disk, freeBytes, message } = health
  const parts = [
    { name: t("database"), state: database },
    { name: t("bucket"), state: storage, href: "/admin/storage" },
    { name: t("clocks"), state: clocks },
    ...(disk ? [{ name: t("disk"), state: disk }] : []),
  ]
  return (
    <OverviewSection
      title={
        <span className="flex flex-wrap items-center gap-2.5">
          {t("health")}
          <Badge tone={status === "ok" ? "ok" : "danger"}>
            {t(status === "ok" ? "healthOk" : "healthFailing")}
          </Badge>
        </span>
      }
    >
      <dl className="grid grid-cols-[max-content_1fr] gap-x-6 gap-y-1.5">
        {parts.map(({ name, state, href }) => (
          <div key={name} className="contents">
            <dt className="text-soft">
              {href ? (
                <Link
                  href={href}
                  prefetch={false}
                  className="underline decoration-edge underline-offset-3 hover:decoration-current"
                >
                  {name}
                </Link>
              ) : (
                name
              )}
            </dt>
            <dd className={state === "ok" || state === "differ" ? undefined : "text-danger"}>
              {t(`parts.${state}`)}
              {name === t("disk") && freeBytes !== undefined && (
                <span className="text-soft"> · {t("free", { size: formatBytes(freeBytes) })}</span>
              )}
            </dd>
          </div>
        ))}
      </dl>
      {message && <p className="mt-2 text-sm text-soft">{message}</p>}
    </OverviewSection>
  )
}
