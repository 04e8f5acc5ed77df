import { SlidersHorizontal } from "lucide-react"
import { useTranslations } from "next-intl"
import { type ReactNode, useId } from "react"
import { Button } from "#components/ui/button.tsx"
import { Input } from "#components/ui/forms/field.tsx"
import { type AuditAddress, auditExport } from "./audit-address.ts"

type AuditToolsProps = {
  filter: AuditAddress
  /** The verification seal. */
  seal: ReactNode
}

/**
 * A button that opens the dates, exports and seal of the log: below it, or in the middle of the
 * window where the browser cannot anchor them. Works without JavaScript.
 */
export function AuditTools({ filter, seal }: AuditToolsProps) {
  const t = useTranslations("admin.audit")
  const id = useId()
  const { since, until, origin, ...kept } = filter
  const originId = useId()
  return (
    <>
      <Button variant="quiet" size="sm" popoverTarget={id} className="whitespace-nowrap">
        <SlidersHorizontal aria-hidden size={16} strokeWidth={1.75} />
        <span className="max-sm:sr-only">{t("more")}</span>
      </Button>
      <div
        id={id}
        popover="auto"
        className="m-auto max-w-[min(calc(100vw-2.5rem),40rem)] flex-col gap-3 rounded-[14px] border border-line bg-raised p-4 text-sm text-soft shadow-raised open:flex supports-[top:anchor(bottom)]:inset-auto supports-[top:anchor(bottom)]:m-0 supports-[top:anchor(bottom)]:mt-1.5 supports-[top:anchor(bottom)]:[position-area:block-end_span-inline-start] supports-[top:anchor(bottom)]:max-sm:mx-5 supports-[top:anchor(bottom)]:max-sm:justify-self-start supports-[top:anchor(bottom)]:max-sm:[position-area:block-end_span-all]"
      >
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
          <label htmlFor={originId}>{t("address")}</label>
          <Input
            id={originId}
            name="origin"
            defaultValue={origin ?? ""}
            dir="ltr"
            className="h-9! w-44! text-sm!"
          />
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
    </>
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
