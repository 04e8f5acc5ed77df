import { useTranslations } from "next-intl"
import { WithCode } from "#app/admin/with-code.tsx"
import { LinedFact } from "#components/pages/facts.tsx"
import { RefreshWhile } from "#components/refresh/refresh-while.tsx"
import { LocalTime } from "#components/time/local-time.tsx"
import { Notice } from "#components/ui/notice.tsx"
import { encryptionOf } from "#lib/rooms/mail/encryption.ts"
import type { FailedMail } from "#lib/rooms/mail/find-mails.ts"
import { MailTest } from "./mail-test.tsx"

/** The mail server as the environment names it, without its password. */
export type MailSetup = {
  host: string
  port: number
  security: "starttls" | "tls" | "none"
  sender: string
}

type MailSectionProps = {
  /** Null where there is no mail. */
  setup: MailSetup | null
  /** The admin's address, to which the test mail is sent. */
  email: string
  waiting: number
  failed: FailedMail[]
  now: string
}

/** Shows whether and how Lapse sends mail, a test, and the mails that could not be sent. */
export function MailSection({ setup, email, waiting, failed, now }: MailSectionProps) {
  const t = useTranslations("settings.mail")
  return (
    <div className="flex flex-col items-start gap-6">
      <p className="text-soft">{t("lead")}</p>
      {setup ? (
        <>
          <dl className="w-full max-w-160 border-t border-line text-[0.9375rem]">
            <LinedFact name={t("server")}>
              {setup.host}:{setup.port}
            </LinedFact>
            <LinedFact name={t("encryption")}>{t(`security.${encryptionOf(setup)}`)}</LinedFact>
            <LinedFact name={t("sender")}>{setup.sender}</LinedFact>
          </dl>
          <MailTest email={email} />
        </>
      ) : (
        <Notice className="max-w-160">
          <p className="font-semibold">{t("offTitle")}</p>
          <p>
            <WithCode text={t("offText")} />
          </p>
        </Notice>
      )}
      <RefreshWhile what="mailing" left={waiting} />
      {waiting > 0 && <p className="text-soft">{t("waiting", { count: waiting })}</p>}
      {failed.length > 0 && <Failed failed={failed} now={now} />}
    </div>
  )
}

const KINDS = ["reset", "invite", "account", "notices", "receipt", "test"] as const

function Failed({ failed, now }: { failed: FailedMail[]; now: string }) {
  const t = useTranslations("settings.mail")
  return (
    <div className="w-full max-w-160">
      <h3 className="mb-2 font-semibold">{t("failedTitle")}</h3>
      <ul className="border-b border-line">
        {failed.map(({ id, kind, to, answer, at }) => (
          <li key={id} className="border-t border-line py-2.5">
            <p className="flex flex-wrap justify-between gap-x-4">
              <span className="wrap-anywhere">
                {t(`kinds.${KINDS.find((one) => one === kind) ?? "other"}`)} · {to}
              </span>
              <span className="text-sm text-soft">
                <LocalTime at={at} form="short" now={now} />
              </span>
            </p>
            <p className="text-sm wrap-anywhere text-danger">{answer ?? t("noAnswer")}</p>
          </li>
        ))}
      </ul>
    </div>
  )
}
