import { useLocale, useTranslations } from "next-intl"
import { NumbersLine } from "#components/pages/detail/numbers-line.tsx"
import { Progress } from "#components/ui/ring/progress.tsx"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import type { RequestView } from "#lib/rooms/requests/request.ts"

/** Shows the files and bytes that a request received, those not received yet, and its limits. */
export function RequestNumbers({ request }: { request: RequestView }) {
  const t = useTranslations("member.requests")
  const locale = useLocale()
  const { maxFiles, maxBytes, deliveries, views, arrivingFileCount, arrivingBytes } = request
  const [files, bytes] = [request.fileCount - arrivingFileCount, request.totalBytes - arrivingBytes]
  const more = (most: string, amount: string) =>
    [most, arrivingFileCount > 0 && t("notReceived", { amount })].filter(Boolean).join(" · ")
  const numbers = [
    {
      name: t("detail.filesName"),
      value: files.toLocaleString(locale),
      more: more(t("ofFiles", { most: maxFiles }), arrivingFileCount.toLocaleString(locale)),
    },
    {
      name: t("detail.sizeName"),
      value: formatBytes(bytes, locale),
      more: more(
        t("ofSize", { most: formatBytes(maxBytes, locale) }),
        formatBytes(arrivingBytes, locale),
      ),
    },
    { name: t("detail.sendersName"), value: deliveries.toLocaleString(locale) },
    { name: t("detail.viewsName"), value: views.toLocaleString(locale) },
  ]
  return (
    <NumbersLine label={t("detail.numbers")} numbers={numbers}>
      <div className="mt-2.5">
        <Progress
          label={t("detail.sizeName")}
          fraction={Math.min(1, bytes / maxBytes)}
          pending={arrivingBytes / maxBytes}
        />
      </div>
    </NumbersLine>
  )
}
