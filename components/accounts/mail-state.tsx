import { useTranslations } from "next-intl"
import { LocalTime } from "#components/time/local-time.tsx"
import type { MailView } from "#lib/rooms/mail/mail.ts"

type MailStateProps = { mail: MailView; now: string }

/** Shows the delivery state of an invitation's mail, with the mail server's reply. */
export function MailState({ mail: { state, answer, at }, now }: MailStateProps) {
  const t = useTranslations("accounts.mailState")
  if (state === "sent") {
    return (
      <span>
        {t("sent")} · <LocalTime at={at} form="short" now={now} />
      </span>
    )
  }
  if (state === "queued") {
    return <span>{answer === null ? t("queued") : t("retrying", { answer })}</span>
  }
  return (
    <span className="wrap-anywhere text-danger">
      {answer === null ? t("failedSilent") : t("failed", { answer })}
    </span>
  )
}
