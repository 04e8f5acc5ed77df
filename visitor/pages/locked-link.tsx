import { Lock } from "lucide-react"
import { use } from "react"
import { buttonClass } from "#components/ui/button-class.ts"
import { CONTROL } from "#components/ui/forms/control-class.ts"
import { Ring } from "#components/ui/ring/ring.tsx"
import type { LinkPage } from "#lib/rooms/claims/open/link-page.ts"
import { VisitorFrame } from "./frame/visitor-frame.tsx"
import { RetryNotice } from "./retry-notice.tsx"
import { PreviewZone } from "./static-time.tsx"
import { useWords } from "./use-words.ts"

type Locked = Extract<LinkPage, { state: "locked" }>

/** The page of a locked link, which shows the sender and nothing of the content. */
export function LockedLink({ token, link }: { token: string; link: Locked }) {
  const { t } = useWords()
  const { senderName: sender, error, retryAt, now } = link
  return (
    <VisitorFrame>
      <div className="relative w-fit">
        <Ring size={76} />
        <Lock
          aria-hidden
          size={26}
          strokeWidth={1.75}
          className="absolute inset-0 m-auto text-accent"
        />
      </div>
      <h1 className="mt-6.5 text-title wrap-anywhere md:text-display">
        {t("visitor.locked.title", { sender })}
      </h1>
      <p className="mt-3 max-w-[46ch] text-note">{t("visitor.locked.text")}</p>
      <form method="post" action={`/s/${token}/unlock`} className="mt-7 space-y-4 print:hidden">
        {retryAt && <RetryNotice what="locked" retryAt={retryAt} now={now} />}
        <PasswordField wrong={error !== null && !retryAt} />
        <button type="submit" className={buttonClass({ wide: true })}>
          {t("visitor.locked.open")}
        </button>
      </form>
    </VisitorFrame>
  )
}

function PasswordField({ wrong }: { wrong: boolean }) {
  const { t } = useWords()
  const isPreview = use(PreviewZone) !== undefined
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor="password" className="text-sm font-medium">
        {t("visitor.locked.password")}
      </label>
      <input
        id="password"
        name="password"
        type="password"
        required
        maxLength={200}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        // biome-ignore lint/a11y/noAutofocus: the password is the page's only field
        autoFocus={!isPreview}
        aria-describedby={wrong ? "password-error" : undefined}
        aria-invalid={wrong || undefined}
        className={`${CONTROL} h-11 text-base`}
      />
      {wrong && (
        <p id="password-error" role="alert" className="text-sm text-danger">
          {t("visitor.locked.wrong")}
        </p>
      )}
    </div>
  )
}
