import { useLocale, useTranslations } from "next-intl"
import { Progress } from "#components/ui/ring/progress.tsx"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import type { RequestView } from "#lib/rooms/requests/request.ts"

/** Shows the files and bytes that a request received, those not received yet, and its limits. */
export function RequestNumbers({ request }: { request: RequestView }) {
  const t = useTranslations("member.requests")
  const locale = useLocale()
  const { maxFiles, maxBytes, deliveries, views, arrivingFileCount, arrivingBytes } = request
  const [files, bytes] = [request.fileCount - arrivingFileCount, request.totalBytes - arrivingBytes]
  const pending = (amount: string) => (arrivingFileCount > 0 ? t("notReceived", { amount }) : "")
  return (
    <section aria-label={t("detail.numbers")}>
      <dl className="grid grid-cols-2 gap-x-8 gap-y-5 sm:grid-cols-4">
        <Figure
          name={t("detail.filesName")}
          value={files.toLocaleString(locale)}
          more={[
            t("ofFiles", { most: maxFiles }),
            pending(arrivingFileCount.toLocaleString(locale)),
          ]}
          part={files / maxFiles}
          pending={arrivingFileCount / maxFiles}
        />
        <Figure
          name={t("detail.sizeName")}
          value={formatBytes(bytes, locale)}
          more={[
            t("ofSize", { most: formatBytes(maxBytes, locale) }),
            pending(formatBytes(arrivingBytes, locale)),
          ]}
          part={bytes / maxBytes}
          pending={arrivingBytes / maxBytes}
        />
        <Figure name={t("detail.sendersName")} value={deliveries.toLocaleString(locale)} />
        <Figure name={t("detail.viewsName")} value={views.toLocaleString(locale)} />
      </dl>
    </section>
  )
}

type FigureProps = {
  name: string
  value: string
  more?: string[]
  part?: number
  pending?: number
}

const Figure = ({ name, value, more = [], part, pending = 0 }: FigureProps) => (
  <div className="min-w-0">
    <dt className="text-sm text-soft">{name}</dt>
    <dd>
      <span className="text-[1.625rem] leading-tight font-semibold tracking-[-0.02em] whitespace-nowrap">
        {value}
      </span>
      {part !== undefined && (
        <span className="mt-1 block">
          <Progress label={name} fraction={Math.min(1, part)} pending={pending} />
        </span>
      )}
      <span className="mt-1 block text-xs text-soft">
        {more.filter(Boolean).map((line) => (
          <span key={line} className="block">
            {line}
          </span>
        ))}
      </span>
    </dd>
  </div>
)
