"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { LocalTime } from "#components/time/local-time.tsx"
import { Button } from "#components/ui/button.tsx"
import { Dialog, DialogClose } from "#components/ui/dialogs/dialog.tsx"
import { CopyField } from "#components/ui/forms/copy-field.tsx"
import type { LinkView } from "#lib/rooms/shares/links/link.ts"
import type { PageSettings } from "#lib/web/page-settings.ts"
import { nameOfRecipient } from "./recipient-name.ts"
import { SendForm, type Sent } from "./send-form.tsx"

type SendDialogProps = {
  of: Sent
  settings: Pick<PageSettings, "mail" | "verifiedOnly">
  open: boolean
  onOpenChange: (open: boolean) => void
}

/** Gives people links of their own, by mail where there is a mail server, and else to copy. */
export function SendDialog({ of, settings, open, onOpenChange }: SendDialogProps) {
  const t = useTranslations("member.recipients")
  const [made, setMade] = useState<LinkView[] | null>(null)
  const [pending, setPending] = useState(false)
  const form = `send-${of.id}`

  function change(next: boolean) {
    if (!next) setMade(null)
    onOpenChange(next)
  }

  return (
    <Dialog
      keepAs={`send ${of.id}`}
      open={open}
      onOpenChange={change}
      title={
        made ? t("done", { count: made.length, mail: isMailed(made) ? "yes" : "no" }) : t("title")
      }
      {...(!made && { description: t(LEADS[of.kind][settings.mail ? "mail" : "hand"]) })}
      footer={
        made ? (
          <DialogClose variant="primary">{t("close")}</DialogClose>
        ) : (
          <>
            <DialogClose />
            <Button type="submit" form={form} pending={pending}>
              {t(settings.mail ? "send" : "make")}
            </Button>
          </>
        )
      }
    >
      {made ? (
        <Made made={made} />
      ) : (
        <SendForm id={form} of={of} settings={settings} onPending={setPending} onSent={setMade} />
      )}
    </Dialog>
  )
}

/** A mail that is to be sent later than this waits for the limit of its sender. */
const SOON_MS = 10 * 60_000

const LEADS = {
  share: { mail: "lead", hand: "leadByHand" },
  request: { mail: "leadRequest", hand: "leadByHandRequest" },
} as const

const isMailed = (made: LinkView[]) => made.some(({ mail }) => mail !== null)

/** The recipients who were mailed, and the links of the others. */
function Made({ made }: { made: LinkView[] }) {
  const t = useTranslations("member.recipients")
  const [openedAt] = useState(() => Date.now())
  const mailed = made.filter(({ mail }) => mail !== null)
  const later = mailed.flatMap(({ mail }) =>
    mail?.state === "queued" && Date.parse(mail.at) > openedAt + SOON_MS ? [mail.at] : [],
  )
  const last = later.sort().at(-1)
  const byHand = made.filter(({ mail }) => mail === null)
  return (
    <>
      {mailed.length > 0 && (
        <>
          <p className="mb-2 text-soft">
            {mailed.length > later.length && t("onTheWay", { count: mailed.length - later.length })}{" "}
            {last &&
              t.rich("later", {
                count: later.length,
                when: () => <LocalTime at={last} form="short" />,
              })}
          </p>
          <ul className="flex flex-col gap-1">
            {mailed.map(({ id, name, address }) => (
              <li key={id} className="wrap-anywhere">
                {name && (
                  <>
                    <bdi className="font-medium">{name}</bdi> ·{" "}
                  </>
                )}
                {address}
              </li>
            ))}
          </ul>
        </>
      )}
      {byHand.length > 0 && (
        <div className="flex flex-col gap-4 not-first:mt-5">
          {byHand.length > 1 && (
            <CopyField
              label={t("all")}
              value={byHand.map((link) => `${nameOfRecipient(link)}: ${link.url}`).join("\n")}
              rows={Math.min(byHand.length, 4)}
            />
          )}
          {byHand.map((link) => (
            <CopyField
              key={link.id}
              label={nameOfRecipient(link)}
              value={link.url}
              shareAs={nameOfRecipient(link)}
              quiet
            />
          ))}
        </div>
      )}
    </>
  )
}
