"use client"

import { useTranslations } from "next-intl"
import { ask } from "#components/calls/ask.ts"
import { ChangeButton } from "#components/calls/change-button.tsx"
import { ON_PANEL, QuestionPanel, useAnswered } from "#components/shares/question-panel.tsx"
import { LocalTime } from "#components/time/local-time.tsx"
import { Button } from "#components/ui/button.tsx"
import { type Questions, reopeningOf } from "#lib/rooms/questions/question.ts"
import type { ShareView } from "#lib/rooms/shares/share.ts"
import type { ShareDialogs } from "../dialogs/use-share-dialogs.tsx"
import { isEmpty } from "./empty-notice.tsx"
import { AddFiles } from "./share-file-actions.tsx"

const DAY_MS = 86_400_000

type OwnerQuestionsProps = {
  share: ShareView
  questions: Questions
  now: string
  maxShareDays: number | null
  dialogs: ShareDialogs
}

/**
 * The questions about a share, which its owner answers with one click, an edit or more files, or
 * dismisses.
 */
export function OwnerQuestions({
  share,
  questions,
  now,
  maxShareDays,
  dialogs,
}: OwnerQuestionsProps) {
  const t = useTranslations("member.questions")
  const done = useAnswered()
  const empty = isEmpty(share)
  const { restore, days, downloads } = reopeningOf(share, maxShareDays)
  const opens = share.status === "open" || share.status === "scheduled"
  const until =
    days > 0 ? new Date(new Date(now).getTime() + days * DAY_MS).toISOString() : share.expiresAt
  return (
    <QuestionPanel
      questions={questions}
      now={now}
      text={
        empty
          ? t("empty")
          : opens
            ? t("links")
            : until
              ? t.rich("until", { until: () => <LocalTime at={until} now={now} /> })
              : t("withoutEnd")
      }
    >
      {empty ? (
        <AddFiles shareId={share.id} />
      ) : (
        <ChangeButton
          size="sm"
          call={() =>
            ask("POST /shares/{id}/reopen", { id: share.id, body: { seen: share.status } })
          }
          onDone={({ status }) => done(t(status === "scheduled" ? "scheduled" : "opened"))}
        >
          {opens
            ? t("reopenLinks")
            : t(restore ? "restore" : "reopen", {
                days,
                downloads,
                viewOnly: share.viewOnly ? "yes" : "no",
                what: days === 0 ? "downloads" : downloads === 0 ? "days" : "both",
              })}
        </ChangeButton>
      )}
      {!restore && !empty && (
        <Button
          variant="quiet"
          size="sm"
          className={ON_PANEL}
          onClick={() => dialogs.showShare(share, "edit")}
        >
          {t("edit")}
        </Button>
      )}
      <ChangeButton
        variant="text"
        size="sm"
        className={ON_PANEL}
        call={() => ask("DELETE /shares/{id}/questions", { id: share.id })}
        onDone={() => done(t("dismissed"))}
      >
        {t("dismiss")}
      </ChangeButton>
    </QuestionPanel>
  )
}
