"use client"

import { useTranslations } from "next-intl"
import { ask } from "#components/calls/ask.ts"
import { ChangeButton } from "#components/calls/change-button.tsx"
import { ON_PANEL, QuestionPanel } from "#components/shares/question-panel.tsx"
import { useToast } from "#components/ui/overlays/toast.tsx"
import type { Questions } from "#lib/questions/question.ts"
import type { AdminShareView } from "#lib/shares/share.ts"

type AdminQuestionsProps = { share: AdminShareView; questions: Questions; now: string }

/** The questions about a share that an admin revoked; an admin answers them by restoring it. */
export function AdminQuestions({ share, questions, now }: AdminQuestionsProps) {
  const t = useTranslations("member.questions")
  const words = useTranslations("admin.shares")
  const toast = useToast()
  const { id, owner } = share
  const done = (title: string) => {
    toast({ title, tone: "ok" })
    document.querySelector<HTMLElement>("main")?.focus()
  }
  return (
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
  )
}
