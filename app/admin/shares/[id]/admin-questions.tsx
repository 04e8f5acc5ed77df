"use client"

import { useTranslations } from "next-intl"
import { ActionForm } from "#components/action-form.tsx"
import { ON_PANEL, QuestionPanel } from "#components/shares/question-panel.tsx"
import { Button } from "#components/ui/button.tsx"
import { useToast } from "#components/ui/toast.tsx"
import type { Questions } from "#lib/questions/question.ts"
import type { AdminShareView } from "#lib/shares/share.ts"
import { dismissQuestionsAction, restoreShareAction } from "../actions.ts"

type AdminQuestionsProps = { share: AdminShareView; questions: Questions; now: string }

/** The questions about a share that an admin ended: an admin answers them by restoring it. */
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
      <ActionForm
        action={restoreShareAction}
        fields={{ id }}
        onDone={() => done(words("restored"))}
      >
        {(pending) => (
          <Button type="submit" size="sm" pending={pending}>
            {words("restore")}
          </Button>
        )}
      </ActionForm>
      <ActionForm
        action={dismissQuestionsAction}
        fields={{ id }}
        onDone={() => done(t("dismissed"))}
      >
        {(pending) => (
          <Button type="submit" variant="text" size="sm" pending={pending} className={ON_PANEL}>
            {t("dismiss")}
          </Button>
        )}
      </ActionForm>
    </QuestionPanel>
  )
}
