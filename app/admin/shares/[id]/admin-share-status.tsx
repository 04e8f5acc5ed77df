"use client"

import { useTranslations } from "next-intl"
import { ask } from "#components/calls/ask.ts"
import { ChangeButton } from "#components/calls/change-button.tsx"
import { ON_PANEL, QuestionPanel, useAnswered } from "#components/shares/question-panel.tsx"
import { ExposureStatus } from "#components/shares/revocation/exposure-status.tsx"
import type { Questions } from "#lib/rooms/questions/question.ts"
import type { AdminShareView } from "#lib/rooms/shares/share.ts"

type AdminShareStatusProps = {
  share: AdminShareView
  questions: Questions
  now: string
  readOnly: boolean
}

/**
 * The questions about a share, which an admin answers by restoring it, and who revoked it, with a
 * button that cuts off its URLs.
 */
export function AdminShareStatus({ share, questions, now, readOnly }: AdminShareStatusProps) {
  const t = useTranslations("member.questions")
  const words = useTranslations("admin.shares")
  const done = useAnswered()
  const { id, owner, status } = share
  return (
    <>
      {!readOnly && (
        <QuestionPanel
          questions={questions}
          now={now}
          text={words("questionText", { owner: owner.name })}
        >
          <ChangeButton
            size="sm"
            call={() => ask("POST /admin/shares/{id}/restore", { id })}
            onDone={() => done(words("restored"))}
          >
            {words("restore")}
          </ChangeButton>
          <ChangeButton
            variant="text"
            size="sm"
            className={ON_PANEL}
            call={() => ask("DELETE /admin/shares/{id}/questions", { id })}
            onDone={() => done(t("dismissed"))}
          >
            {t("dismiss")}
          </ChangeButton>
        </QuestionPanel>
      )}
      <ExposureStatus
        share={share}
        now={now}
        cutOff={
          status === "revoked" && !readOnly
            ? () => ask("POST /admin/shares/{id}/cut-off", { id })
            : null
        }
        owner={owner.name}
      />
    </>
  )
}
