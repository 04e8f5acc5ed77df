"use client"

import { useTranslations } from "next-intl"
import type { ReactNode } from "react"
import { ask } from "#components/calls/ask.ts"
import { DetailHead } from "#components/pages/detail-head.tsx"
import { Part } from "#components/pages/section.tsx"
import { useFollowedShares } from "#components/shares/activity/live-shares.ts"
import { ConditionList } from "#components/shares/conditions/condition-list.tsx"
import { ExtendButton } from "#components/shares/expiry/extend-button.tsx"
import { LapseLine } from "#components/shares/expiry/share-lapse.tsx"
import { QrCode } from "#components/shares/qr-code.tsx"
import { RevocationStatus } from "#components/shares/revocation-status.tsx"
import { shareName } from "#components/shares/share-name.ts"
import { ShareRing } from "#components/shares/share-ring.tsx"
import { Button } from "#components/ui/button.tsx"
import { buttonClass } from "#components/ui/button-class.ts"
import { classNames } from "#components/ui/class-names.ts"
import { CopyField } from "#components/ui/forms/copy-field.tsx"
import type { Questions } from "#lib/rooms/questions/question.ts"
import type { ShareView } from "#lib/rooms/shares/share.ts"
import type { PageSettings } from "#lib/web/page-settings.ts"
import { type ShareDialogs, useShareDialogs } from "../dialogs/use-share-dialogs.tsx"
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
  /** Who opened it last. */
  visitors: ReactNode
  /** The files of the share. */
  files: ReactNode
  /** The charts and the history of the link. */
  children: ReactNode
}

/** A share's status, actions, visitors, link, files and conditions, in the order of their use. */
export function ShareDetail({
  share,
  questions,
  now,
  settings,
  notice,
  numbers,
  visitors,
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
      <DetailHead
        back={{ href: "/shares", text: t("back") }}
        sign={<ShareRing share={share} now={now} size={64} />}
        title={shareName(share, words)}
        line={<LapseLine share={share} now={now} />}
        actions={<ShareActions share={share} dialogs={dialogs} />}
      >
        <ExtendButton share={share} now={now} maxShareDays={settings.maxShareDays} />
      </DetailHead>

      <OwnerQuestions
        share={share}
        questions={questions}
        now={now}
        maxShareDays={settings.maxShareDays}
        dialogs={dialogs}
      />
      {isEmpty(share) && questions.count === 0 && <EmptyNotice shareId={share.id} />}
      <RevocationStatus
        share={share}
        now={now}
        cutOff={() => ask("POST /shares/{id}/cut-off", { id: share.id })}
      />
      {notice}

      <div
        className={classNames(
          "grid gap-x-11 gap-y-7",
          !revoked && "lg:grid-cols-2 lg:grid-rows-[auto_1fr]",
        )}
      >
        {numbers}
        {!revoked && <LinkSection share={share} dialogs={dialogs} />}
        {visitors}
      </div>

      {files}
      <ConditionList share={share} now={now} />
      {children}
      {dialogs.element}
    </>
  )
}

type LinkSectionProps = { share: ShareView; dialogs: ShareDialogs }

/** The link with its QR code and actions. */
function LinkSection({ share, dialogs }: LinkSectionProps) {
  const t = useTranslations("member.share")
  const words = useTranslations("member.shares")
  return (
    <Part id="link" title={t("link")} className="min-w-0 lg:row-span-2">
      <CopyField
        label={t("link")}
        labelHidden
        value={share.url}
        shareAs={shareName(share, words)}
      />
      <div className="mt-5 flex flex-wrap items-start gap-6">
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
    </Part>
  )
}
