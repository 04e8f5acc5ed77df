import { useLocale, useTranslations } from "next-intl"
import { Progress } from "#components/ui/ring/progress.tsx"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import type { RequestView } from "#lib/rooms/requests/request.ts"

/** What came in so far, and how much of what a request takes that is. */
export function RequestNumbers({ request }: { request: RequestView }) {
  const t = useTranslations("member.requests")
  const locale = useLocale()
  const { fileCount, maxFiles, totalBytes, maxBytes, deliveries, views, arrivingFileCount } =
    request
  return (
    <section aria-label={t("detail.numbers")}>
      <dl className="grid grid-cols-2 gap-x-8 gap-y-5 sm:grid-cols-4">
        <Figure
          name={t("detail.filesName")}
          value={fileCount.toLocaleString(locale)}
          more={t("ofFiles", { most: maxFiles })}
          part={fileCount / maxFiles}
        />
        <Figure
          name={t("detail.sizeName")}
          value={formatBytes(totalBytes, locale)}
          more={t("ofSize", { most: formatBytes(maxBytes, locale) })}
          part={totalBytes / maxBytes}
        />
        <Figure
          name={t("detail.sendersName")}
          value={deliveries.toLocaleString(locale)}
          more={arrivingFileCount > 0 ? t("arriving", { count: arrivingFileCount }) : ""}
        />
        <Figure name={t("detail.viewsName")} value={views.toLocaleString(locale)} more="" />
      </dl>
    </section>
  )
}

type FigureProps = { name: string; value: string; more: string; part?: number }

const Figure = ({ name, value, more, part }: FigureProps) => (
  <div className="min-w-0">
    <dt className="text-sm text-soft">{name}</dt>
    <dd>
      <span className="text-[1.625rem] leading-tight font-semibold tracking-[-0.02em] whitespace-nowrap">
        {value}
      </span>
      {part !== undefined && (
        <span className="mt-1 block">
          <Progress label={name} fraction={Math.min(1, part)} />
        </span>
      )}
      {more && <span className="mt-1 block text-xs text-soft">{more}</span>}
    </dd>
  </div>
)
