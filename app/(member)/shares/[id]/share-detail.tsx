"use client"

import { useTranslations } from "next-intl"
import type { ReactNode } from "react"
import { ask } from "#components/calls/ask.ts"
import { DetailHead } from "#components/pages/detail/detail-head.tsx"
import { SideColumn } from "#components/pages/detail/side-column.tsx"
import { useFollowedShares } from "#components/shares/activity/live-shares.ts"
import { ConditionList } from "#components/shares/conditions/condition-list.tsx"
import { ExtendButton } from "#components/shares/expiry/extend-button.tsx"
import { LapseLine } from "#components/shares/expiry/share-lapse.tsx"
import { LinkPart } from "#components/shares/link-part.tsx"
import { ExposureStatus } from "#components/shares/revocation/exposure-status.tsx"
import { shareName } from "#components/shares/share-name.ts"
import { ShareRing } from "#components/shares/share-ring.tsx"
import type { Questions } from "#lib/rooms/questions/question.ts"
import type { ShareView } from "#lib/rooms/shares/share.ts"
import type { PageSettings } from "#lib/web/page-settings.ts"
import { useShareDialogs } from "../dialogs/use-share-dialogs.tsx"
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
  /** The counters of the share, and who opened it last. */
  latest: ReactNode
  /** The files of the share. */
  files: ReactNode
  /** The charts and the history of the link. */
  children: ReactNode
}

/**
 * A share's page. On wide screens the activity is beside the details; on narrow ones the link comes
 * first and the activity last.
 */
export function ShareDetail({
  share,
  questions,
  now,
  settings,
  notice,
  latest,
  files,
  children,
}: ShareDetailProps) {
  const t = useTranslations("member.share")
  const words = useTranslations("member.shares")
  const dialogs = useShareDialogs(settings, now)
  useFollowedShares([share])
  const { maxShareDays } = settings
  return (
    <>
      <DetailHead
        back={{ href: "/shares", text: t("back") }}
        sign={<ShareRing share={share} now={now} size={52} />}
        title={shareName(share, words)}
        line={<LapseLine share={share} now={now} />}
        actions={<ShareActions share={share} dialogs={dialogs} />}
      />

      <OwnerQuestions
        share={share}
        questions={questions}
        now={now}
        maxShareDays={maxShareDays}
        dialogs={dialogs}
      />
      {isEmpty(share) && questions.count === 0 && <EmptyNotice shareId={share.id} />}
      <ExposureStatus
        share={share}
        now={now}
        cutOff={() => ask("POST /shares/{id}/cut-off", { id: share.id })}
      />
      {notice}

      <div className="flex flex-col gap-y-8 [reading-flow:flex-visual] xl:flex-row-reverse xl:items-start xl:gap-x-11">
        <SideColumn>
          {share.status !== "revoked" && (
            <LinkPart
              url={share.url}
              name={shareName(share, words)}
              visit={t("visit")}
              onNewLink={() => dialogs.askNewLink(share)}
            />
          )}
          <div className="flex flex-col gap-y-7 max-xl:order-2">
            <ConditionList
              share={share}
              now={now}
              extend={<ExtendButton share={share} now={now} maxShareDays={maxShareDays} />}
            />
            {files}
          </div>
        </SideColumn>
        <div className="max-xl:contents xl:min-w-0 xl:grow">
          <div className="flex flex-col gap-y-7 max-xl:order-1">{latest}</div>
          <div className="mt-10 max-xl:order-3 max-xl:mt-2">{children}</div>
        </div>
      </div>
      {dialogs.element}
    </>
  )
}
