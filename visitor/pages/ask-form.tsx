import { buttonClass } from "#components/ui/button-class.ts"
import { CONTROL } from "#components/ui/forms/control-class.ts"
import { Notice } from "#components/ui/notice.tsx"
import type { ClosedPage } from "#lib/rooms/claims/open/link-page.ts"
import { NOTE_LENGTH } from "#lib/rooms/questions/note.ts"
import { siteName, useWords } from "./page-context.ts"
import { RetryNotice } from "./retry-notice.tsx"
import { StaticTime } from "./static-time.tsx"

type AskProps = { token: string; link: ClosedPage }

/** A form that asks for the files of a link, or the confirmation that the request was sent. */
export function Ask({ token, link }: AskProps) {
  const { t } = useWords()
  const { asking, senderName: sender, byAdmin } = link
  if (link.madeFor === "erased") return null
  if (asking.askedAt) return <Asked token={token} link={link} askedAt={asking.askedAt} />
  return (
    <section className="mt-9 print:hidden">
      <h2 className="text-note font-semibold">{t("visitor.ask.title")}</h2>
      <p className="mt-1.5 max-w-[46ch] wrap-anywhere">
        {link.state === "empty"
          ? t("visitor.ask.emptyText", { sender })
          : t("visitor.ask.text", { sender, admin: byAdmin ? "yes" : "no" })}
      </p>
      <Form token={token} link={link} />
    </section>
  )
}

function Asked({ token, link, askedAt }: AskProps & { askedAt: Date }) {
  const { t, rich } = useWords()
  const admin = link.byAdmin ? "yes" : "no"
  const site = siteName()
  return (
    <section id="asked" className="mt-9 scroll-mt-6 print:hidden">
      <Notice tone="request">
        <p className="font-semibold">
          {rich("visitor.ask.sent", {
            time: () => <StaticTime at={askedAt} now={link.now} />,
          })}
        </p>
        <p className="mt-1 wrap-anywhere">
          {link.state === "empty"
            ? t("visitor.ask.emptySent", { sender: link.senderName, site })
            : t("visitor.ask.sentText", { sender: link.senderName, admin, site })}{" "}
          <span className="needs-script">{t("visitor.ask.byItself")}</span>
          <span className="needs-no-script">
            {t("visitor.ask.comeBack")}{" "}
            <a href={`/s/${token}`} className="font-semibold underline">
              {t("visitor.ask.look")}
            </a>
          </span>
        </p>
      </Notice>
      <details className="mt-4">
        <summary className="w-fit rounded-md py-1 text-soft underline decoration-line underline-offset-3 hover:text-ink">
          {t("visitor.ask.more")}
        </summary>
        <Form token={token} link={link} />
      </details>
    </section>
  )
}

function Form({ token, link }: AskProps) {
  const { t } = useWords()
  const { asking, senderName: sender, now } = link
  const admin = link.byAdmin ? "yes" : "no"
  const { note, problem, retryAt } = asking
  return (
    <form method="post" action={`/s/${token}/ask`} className="mt-4 space-y-4">
      {retryAt && <RetryNotice what="ask" retryAt={retryAt} now={now} />}
      {problem === "unavailable" && <Notice tone="danger">{t("visitor.ask.unavailable")}</Notice>}
      <NoteField
        label={t("visitor.ask.line", { sender, admin })}
        hint={t(link.madeFor === "recipient" ? "visitor.ask.ownHint" : "visitor.ask.hint", {
          sender,
          admin,
        })}
        note={note}
        isTooLong={problem === "too_long"}
      />
      <button type="submit" className={buttonClass({ wide: true })}>
        {t(link.state === "empty" ? "visitor.ask.emptyAgain" : "visitor.ask.again")}
      </button>
    </form>
  )
}

type NoteFieldProps = { label: string; hint?: string; note: string; isTooLong?: boolean }

function NoteField({ label, hint, note, isTooLong = false }: NoteFieldProps) {
  const { t } = useWords()
  const described = [hint && "note-hint", isTooLong && "note-error"].filter(Boolean).join(" ")
  return (
    <div className="flex flex-col gap-1.5">
      <div className="flex items-baseline justify-between gap-3">
        <label htmlFor="note" className="text-sm font-medium wrap-anywhere">
          {label}
        </label>
        <span className="text-xs text-soft">{t("visitor.ask.optional")}</span>
      </div>
      <textarea
        id="note"
        name="note"
        rows={isTooLong ? 8 : 2}
        // A note that was too long is shown in full, so that it can be shortened.
        maxLength={isTooLong ? undefined : NOTE_LENGTH}
        defaultValue={note}
        aria-describedby={described || undefined}
        aria-invalid={isTooLong || undefined}
        className={`${CONTROL} block py-2.5 text-base leading-normal`}
      />
      {hint && (
        <p id="note-hint" className="text-xs text-soft wrap-anywhere">
          {hint}
        </p>
      )}
      {isTooLong && (
        <p id="note-error" role="alert" className="text-sm text-danger">
          {t("visitor.ask.tooLong", { most: NOTE_LENGTH })}
        </p>
      )}
    </div>
  )
}

/** A note that could not be sent, on a page without access to the link. */
export function Unsent({ token, note }: { token: string; note: string }) {
  const { t } = useWords()
  return (
    <form method="post" action={`/s/${token}/ask`} className="mt-7 space-y-4">
      <NoteField label={t("visitor.ask.unsent")} note={note} />
      <button type="submit" className={buttonClass({ wide: true })}>
        {t("visitor.ask.sendAgain")}
      </button>
    </form>
  )
}
