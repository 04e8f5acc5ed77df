"use client"

import { useTranslations } from "next-intl"
import type { ReactNode } from "react"
import { LocalTime } from "#components/local-time.tsx"
import { ConditionList } from "#components/shares/condition-list.tsx"
import { QrCode } from "#components/shares/qr-code.tsx"
import { LapseWords } from "#components/shares/share-lapse.tsx"
import { shareName } from "#components/shares/share-name.ts"
import { ShareRing } from "#components/shares/share-ring.tsx"
import { ShareTruth } from "#components/shares/share-truth.tsx"
import { Button } from "#components/ui/button.tsx"
import { buttonClass } from "#components/ui/button-class.ts"
import { CopyField } from "#components/ui/copy-field.tsx"
import type { Questions } from "#lib/questions/question.ts"
import type { ShareView } from "#lib/shares/share.ts"
import type { ShareSettings } from "#lib/web/share-settings.ts"
import { cutOffShareAction } from "../actions.ts"
import { useShareDialogs } from "../use-share-dialogs.tsx"
import { OwnerQuestions } from "./owner-questions.tsx"
import { ShareEnd } from "./share-end.tsx"

type ShareDetailProps = {
  share: ShareView
  questions: Questions
  now: string
  settings: ShareSettings
  /** What the owner should know first. */
  notice: ReactNode
  /** What was counted. */
  numbers: ReactNode
  /** The files of the share. */
  files: ReactNode
  /** What happened on its link. */
  children: ReactNode
}

/** A share's state, link, counts and conditions, and the actions on it. */
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
  const revoked = share.status === "revoked"
  return (
    <>
      <header className="mb-8 flex items-center gap-5 max-sm:items-start">
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
      </header>

      <OwnerQuestions
        share={share}
        questions={questions}
        now={now}
        maxShareDays={settings.maxShareDays}
        dialogs={dialogs}
      />
      <ShareTruth share={share} now={now} cutOff={cutOffShareAction} />
      {notice}

      {!revoked && (
        <section
          aria-label={t("link")}
          className="mb-10 flex items-center gap-6 max-sm:flex-col max-sm:items-stretch"
        >
          <div className="min-w-0 grow">
            <CopyField label={t("link")} value={share.url} shareAs={shareName(share, words)} />
            {settings.thisMachineOnly && (
              <p className="mt-2.5 text-sm text-soft">{t("thisMachineOnly")}</p>
            )}
            <div className="mt-3 -ml-3.25 flex flex-wrap">
              <a
                href={share.url}
                target="_blank"
                rel="noopener"
                className={buttonClass({ variant: "text", size: "sm" })}
              >
                {t("visit")}
              </a>
              <Button
                variant="text"
                size="sm"
                className="noscript:hidden"
                onClick={() => dialogs.askNewLink(share)}
              >
                {t("newLink")}
              </Button>
            </div>
          </div>
          <div className="max-sm:self-center">
            <QrCode text={share.url} label={t("qr")} size={132} />
          </div>
        </section>
      )}

      {numbers}

      <div className="grid grid-cols-1 gap-10 lg:grid-cols-2">
        <ConditionList share={share} now={now} onEdit={() => dialogs.showShare(share, "edit")} />
        {files}
      </div>

      {children}

      <ShareEnd share={share} dialogs={dialogs} />
      {dialogs.element}
    </>
  )
}
