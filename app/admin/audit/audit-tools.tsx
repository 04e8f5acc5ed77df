import { SlidersHorizontal } from "lucide-react"
import { useTranslations } from "next-intl"
import { type ReactNode, useId } from "react"
import { Button } from "#components/ui/button.tsx"
import { buttonClass } from "#components/ui/button-class.ts"
import { Input } from "#components/ui/forms/field.tsx"
import { type AuditAddress, auditExport } from "./audit-address.ts"

type AuditToolsProps = {
  filter: AuditAddress
  /** The verification seal. */
  seal: ReactNode
}

/** The dates, exports and seal of the log behind a button. Works without JavaScript. */
export function AuditTools({ filter, seal }: AuditToolsProps) {
  const t = useTranslations("admin.audit")
  const { since, until, ...kept } = filter
  return (
    <details open={Boolean(since || until)} className="group grow">
      <summary
        className={`${buttonClass({ variant: "quiet", size: "sm" })} list-none group-open:bg-selected [&::-webkit-details-marker]:hidden`}
      >
        <SlidersHorizontal aria-hidden size={16} strokeWidth={1.75} />
        {t("more")}
      </summary>
      <div className="flex flex-col gap-3 pt-3 pb-1 text-sm text-soft">
        <form
          action="/admin/audit"
          method="get"
          className="flex flex-wrap items-center gap-x-3 gap-y-2"
        >
          {Object.entries(kept).map(
            ([name, value]) =>
              value && <input key={name} type="hidden" name={name} value={value} />,
          )}
          <Day name="since" label={t("since")} value={since} />
          <Day name="until" label={t("until")} value={until} />
          <Button type="submit" variant="quiet" size="sm">
            {t("submit")}
          </Button>
          <span>{t("daysInUtc")}</span>
        </form>
        <p className="flex flex-wrap gap-x-2">
          <span>{t("export")}</span>
          <a href={auditExport("csv", filter)} download className="text-accent underline">
            {t("csv")}
          </a>
          <a href={auditExport("jsonl", filter)} download className="text-accent underline">
            {t("jsonl")}
          </a>
        </p>
        {seal && <p>{seal}</p>}
      </div>
    </details>
  )
}

type DayProps = { name: string; label: string; value: string | null | undefined }

function Day({ name, label, value }: DayProps) {
  const id = useId()
  return (
    <span className="flex items-center gap-2">
      <label htmlFor={id} className="max-sm:w-10">
        {label}
      </label>
      <Input
        id={id}
        type="date"
        name={name}
        min="2000-01-01"
        max="2199-12-31"
        defaultValue={value?.slice(0, 10) ?? ""}
        className="h-9! w-auto! text-sm!"
      />
    </span>
  )
}
