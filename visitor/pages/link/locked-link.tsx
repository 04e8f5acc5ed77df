import type { ComponentProps, ReactNode } from "react"
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
  const { senderName: sender, code, retryAt, now } = link
  return (
    <VisitorFrame>
      {LOCK}
      <h1 className="mt-5 text-title wrap-anywhere md:text-display">
        {t(isRequest() ? "visitor.request.asks" : "visitor.locked.title", { sender })}
      </h1>
      <p className="mt-3 max-w-[46ch] text-note">
        {code
          ? t(code.isSent ? "visitor.code.sent" : "visitor.code.text", { address: code.address })
          : t(isRequest() ? "visitor.request.lockedText" : "visitor.locked.text")}
      </p>
      <div className="mt-7 space-y-4 print:hidden">
        {retryAt && <RetryNotice what="locked" retryAt={retryAt} now={now} />}
        {code ? <CodeForms link={link} isSent={code.isSent} /> : <PasswordForm link={link} />}
      </div>
    </VisitorFrame>
  )
}

function PasswordForm({ link: { error, retryAt } }: { link: Locked }) {
  const { t } = useWords()
  return (
    <Form to="unlock" button={t("visitor.locked.open")}>
      <SecretField
        name="password"
        type="password"
        maxLength={200}
        label={t("visitor.locked.password")}
        wrong={error === "password" && !retryAt && t("visitor.locked.wrong")}
      />
    </Form>
  )
}

/** The form that asks for a code and, once this browser did, the one that takes it. */
function CodeForms({ link: { error, retryAt }, isSent }: { link: Locked; isSent: boolean }) {
  const { t } = useWords()
  return (
    <>
      {isSent && (
        <Form to="verify" button={t("visitor.locked.open")}>
          <SecretField
            name="code"
            inputMode="numeric"
            autoComplete="one-time-code"
            maxLength={20}
            label={t("visitor.code.label")}
            wrong={error === "code" && !retryAt && t("visitor.code.wrong")}
          />
        </Form>
      )}
      <Form
        to="code"
        variant={isSent ? "quiet" : undefined}
        button={t(isSent ? "visitor.code.again" : "visitor.code.send")}
      />
    </>
  )
}

type FormProps = {
  to: "unlock" | "code" | "verify"
  button: string
  variant?: "quiet" | undefined
  children?: ReactNode
}

function Form({ to, button, variant, children }: FormProps) {
  return (
    <form method="post" action={`${usePage().address}/${to}`} className="space-y-4">
      {children}
      <button type="submit" className={buttonClass({ wide: true, ...(variant && { variant }) })}>
        {button}
      </button>
    </form>
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

type SecretFieldProps = Pick<
  ComponentProps<"input">,
  "type" | "inputMode" | "autoComplete" | "maxLength"
> & {
  name: string
  label: string
  /** What is wrong; false if nothing is. */
  wrong: string | false
}

function SecretField({ name, label, wrong, ...input }: SecretFieldProps) {
  const isPreview = usePage().previewZone !== undefined
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={name} className="text-sm font-medium">
        {label}
      </label>
      <input
        autoComplete="off"
        {...input}
        id={name}
        name={name}
        required
        autoCapitalize="none"
        spellCheck={false}
        // biome-ignore lint/a11y/noAutofocus: it is the page's only field
        autoFocus={!isPreview}
        aria-describedby={wrong ? `${name}-error` : undefined}
        aria-invalid={wrong ? true : undefined}
        className={`${CONTROL} h-11 text-base`}
      />
      {wrong && (
        <p id={`${name}-error`} role="alert" className="text-sm text-danger">
          {wrong}
        </p>
      )}
    </div>
  )
}
