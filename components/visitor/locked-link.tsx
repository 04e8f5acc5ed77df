import { Lock } from "lucide-react"
import { useTranslations } from "next-intl"
import { LocalTime, RelativeTime } from "#components/local-time.tsx"
import { Button } from "#components/ui/button.tsx"
import { Field } from "#components/ui/field.tsx"
import { Notice } from "#components/ui/notice.tsx"
import { Ring } from "#components/ui/ring.tsx"
import type { LinkPage } from "#lib/claims/link-page.ts"
import { VisitorFrame } from "./visitor-frame.tsx"

type Locked = Extract<LinkPage, { state: "locked" }>

/** A locked link tells who sent it, and nothing of what it is. */
export function LockedLink({ token, link }: { token: string; link: Locked }) {
  const t = useTranslations("visitor.locked")
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
      <h1 className="mt-6.5 text-title wrap-anywhere md:text-display">{t("title", { sender })}</h1>
      <p className="mt-3 max-w-[46ch] text-note">{t("text")}</p>
      <form method="post" action={`/s/${token}/unlock`} className="mt-7 space-y-4 print:hidden">
        {retryAt && (
          <Notice tone="danger">
            {t.rich("slowed", {
              relative: () => <RelativeTime at={retryAt} now={now} />,
              clock: () => <LocalTime at={retryAt} form="clock" zone />,
            })}
          </Notice>
        )}
        <Field
          label={t("password")}
          name="password"
          type="password"
          required
          maxLength={200}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus={error !== null}
          error={error && !retryAt ? t("wrong") : undefined}
        />
        <Button type="submit" wide>
          {t("open")}
        </Button>
      </form>
    </VisitorFrame>
  )
}
