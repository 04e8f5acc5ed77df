import { buttonClass } from "#components/ui/button-class.ts"
import { CONTROL } from "#components/ui/forms/control-class.ts"
import type { LinkPage } from "#lib/rooms/claims/open/link-page.ts"
import { isRequest, usePage, useWords } from "#visitor/pages/page-context.ts"
import { RetryNotice } from "#visitor/pages/retry-notice.tsx"
import { VisitorFrame } from "#visitor/pages/visitor-frame.tsx"

type Locked = Extract<LinkPage, { state: "locked" }>

/** The page of a locked link, which shows the sender and nothing of the content. */
export function LockedLink({ link }: { link: Locked }) {
  const { t } = useWords()
  const { address } = usePage()
  const { senderName: sender, error, retryAt, now } = link
  return (
    <VisitorFrame>
      {LOCK}
      <h1 className="mt-5 text-title wrap-anywhere md:text-display">
        {t(isRequest() ? "visitor.request.asks" : "visitor.locked.title", { sender })}
      </h1>
      <p className="mt-3 max-w-[46ch] text-note">
        {t(isRequest() ? "visitor.request.lockedText" : "visitor.locked.text")}
      </p>
      <form method="post" action={`${address}/unlock`} className="mt-7 space-y-4 print:hidden">
        {retryAt && <RetryNotice what="locked" retryAt={retryAt} now={now} />}
        <PasswordField wrong={error !== null && !retryAt} />
        <button type="submit" className={buttonClass({ wide: true })}>
          {t("visitor.locked.open")}
        </button>
      </form>
    </VisitorFrame>
  )
}

// Lucide's lock icon, as a constant element.
const LOCK = (
  <svg
    aria-hidden
    width={36}
    height={36}
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    strokeWidth={1.5}
    strokeLinecap="round"
    strokeLinejoin="round"
    className="text-soft"
  >
    <rect width={18} height={11} x={3} y={11} rx={2} />
    <path d="M7 11V7a5 5 0 0 1 10 0v4" />
  </svg>
)

function PasswordField({ wrong }: { wrong: boolean }) {
  const { t } = useWords()
  const isPreview = usePage().previewZone !== undefined
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
