"use client"

import { useTranslations } from "next-intl"
import type { ReactNode } from "react"
import { api } from "#components/api.ts"
import { useFollowedShares } from "#components/shares/activity/live-shares.ts"
import { ConditionList } from "#components/shares/conditions/condition-list.tsx"
import { QrCode } from "#components/shares/qr-code.tsx"
import { RevocationStatus } from "#components/shares/revocation-status.tsx"
import { LapseWords } from "#components/shares/share-lapse.tsx"
import { shareName } from "#components/shares/share-name.ts"
import { ShareRing } from "#components/shares/share-ring.tsx"
import { LocalTime } from "#components/time/local-time.tsx"
import { Button } from "#components/ui/button.tsx"
import { buttonClass } from "#components/ui/button-class.ts"
import { CopyField } from "#components/ui/forms/copy-field.tsx"
import type { Questions } from "#lib/questions/question.ts"
import type { ShareView } from "#lib/shares/share.ts"
import type { PageSettings } from "#lib/web/page-settings.ts"
import { type ShareDialogs, useShareDialogs } from "../use-share-dialogs.tsx"
import { EmptyNotice, isEmpty } from "./empty-notice.tsx"
import { OwnerQuestions } from "./owner-questions.tsx"
import { ShareActions } from "./share-actions.tsx"

type ShareDetailProps = {
  share: ShareView
  questions: Questions
  now: string
  settings: PageSettings
  /** A notice above everything else. */
  notice: ReactNode
  /** The counters of the share. */
  numbers: ReactNode
  /** The files of the share. */
  files: ReactNode
  /** The activity on the link. */
  children: ReactNode
}

/** A share's status, link, counters, conditions and actions. */
export function ShareDetail({
  share,
  questions,
  now,
  settings,
  notice,
  numbers,
  files,
  children,
}: ShareDetailProps) {
  const t = useTranslations("member.share")
  const words = useTranslations("member.shares")
  const dialogs = useShareDialogs(settings, now)
  useFollowedShares([share])
  const revoked = share.status === "revoked"
  return (
    <>
      <header className="mb-6 flex flex-wrap items-center gap-x-6 gap-y-4">
        <div className="flex min-w-0 grow basis-80 items-center gap-5 max-sm:items-start">
          <ShareRing share={share} now={now} size={64} />
          <div className="min-w-0">
            <h1 className="text-title wrap-anywhere">{shareName(share, words)}</h1>
            <p className="mt-1 text-soft">
              <LapseWords share={share} now={now} standalone />
              {share.status === "open" && share.expiresAt && (
                <>
                  {" · "}
                  <LocalTime at={share.expiresAt} now={now} />
                </>
              )}
              {share.status === "scheduled" && share.startsAt && (
                <>
                  {" · "}
                  <LocalTime at={share.startsAt} now={now} />
                </>
              )}
            </p>
          </div>
        </div>
        <ShareActions share={share} dialogs={dialogs} />
      </header>
      {!revoked && (
        <CopyField
          label={t("link")}
          labelHidden
          value={share.url}
          shareAs={shareName(share, words)}
          className="mb-8"
        />
      )}

      <OwnerQuestions
        share={share}
        questions={questions}
        now={now}
        maxShareDays={settings.maxShareDays}
        dialogs={dialogs}
      />
      {isEmpty(share) && questions.count === 0 && <EmptyNotice shareId={share.id} />}
      <RevocationStatus share={share} now={now} cutOff={() => api.shares.cutOff(share.id)} />
      {notice}

      {numbers}

      {children}

      <div className="mt-10 grid grid-cols-1 gap-10 lg:grid-cols-2">
        <ConditionList share={share} now={now} />
        {!revoked && <LinkSection share={share} settings={settings} dialogs={dialogs} />}
      </div>

      {files}
      {dialogs.element}
    </>
  )
}

type LinkSectionProps = { share: ShareView; settings: PageSettings; dialogs: ShareDialogs }

/** The link as a QR code, with the actions on it besides copying. */
function LinkSection({ share, settings, dialogs }: LinkSectionProps) {
  const t = useTranslations("member.share")
  return (
    <section aria-label={t("link")} className="flex flex-col items-start gap-4">
      <h2 className="min-h-9 content-center text-note">{t("link")}</h2>
      <div className="flex flex-wrap items-start gap-6">
        <QrCode text={share.url} label={t("qr")} size={132} />
        <div className="flex flex-col items-start">
          <a
            href={share.url}
            target="_blank"
            rel="noopener"
            className={buttonClass({ variant: "text", size: "sm" })}
          >
            {t("visit")}
          </a>
          <Button variant="text" size="sm" onClick={() => dialogs.askNewLink(share)}>
            {t("newLink")}
          </Button>
        </div>
      </div>
      {settings.thisMachineOnly && (
        <p className="max-w-[60ch] text-sm text-soft">{t("thisMachineOnly")}</p>
      )}
    </section>
  )
}
