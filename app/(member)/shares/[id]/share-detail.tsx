"use client"

import { useTranslations } from "next-intl"
import type { ReactNode } from "react"
import { ask } from "#components/calls/ask.ts"
import { useOwnerPath } from "#components/nav/owner.ts"
import { EditButton } from "#components/pages/detail/link-actions.tsx"
import { OpenSwitch, OpenToText } from "#components/recipients/open-switch.tsx"
import { useFollowedShares } from "#components/shares/activity/live-shares.ts"
import { ConditionList } from "#components/shares/conditions/condition-list.tsx"
import { LinkPage } from "#components/shares/link-page.tsx"
import { LinkStrip } from "#components/shares/link-strip.tsx"
import { ExposureStatus } from "#components/shares/revocation/exposure-status.tsx"
import { shareName } from "#components/shares/share-name.ts"
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
  /** The files of the share, and what happened. */
  children: ReactNode
}

/** A share's page: its link, its files and settings, and its activity. */
export function ShareDetail(props: ShareDetailProps) {
  const { share, questions, now, settings, notice, children } = props
  const t = useTranslations("member.share")
  const name = shareName(share, useTranslations("member.shares"))
  const at = useOwnerPath()
  const dialogs = useShareDialogs(settings, now)
  useFollowedShares([share])
  const { maxShareDays } = settings
  const revoked = share.status === "revoked"
  return (
    <>
      <LinkPage
        of={share}
        kind="share"
        back={{ href: at("/shares"), text: t("back") }}
        title={name}
        now={now}
        maxShareDays={maxShareDays}
        actions={<ShareActions share={share} name={name} dialogs={dialogs} />}
        top={
          <>
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
            {!revoked && (
              <LinkStrip
                url={share.url}
                name={name}
                toggle={<OpenSwitch of={{ id: share.id, kind: "share", openTo: share.openTo }} />}
                openTo={<OpenToText openTo={share.openTo} />}
              />
            )}
          </>
        }
        settings={
          <ConditionList
            share={share}
            now={now}
            aside={
              <EditButton
                preload={dialogs.preload}
                onEdit={() => dialogs.showShare(share, "edit")}
              />
            }
          />
        }
      >
        {children}
      </LinkPage>
      {dialogs.element}
    </>
  )
}
