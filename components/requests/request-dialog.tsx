"use client"

import { useTranslations } from "next-intl"
import { useId } from "react"
import { ask } from "#components/calls/ask.ts"
import { useChange } from "#components/calls/use-call.ts"
import { questionOf, useQuestion } from "#components/shares/settings/use-question.tsx"
import { Button } from "#components/ui/button.tsx"
import { Dialog, DialogClose } from "#components/ui/dialogs/dialog.tsx"
import type { RequestView } from "#lib/rooms/requests/request.ts"
import type { PageSettings } from "#lib/web/page-settings.ts"
import { RequestForm } from "./form/request-form.tsx"
import { requestOf } from "./form/request-of-form.ts"

type RequestDialogProps = {
  /** The request that is edited; null for a new one. */
  request: RequestView | null
  open: boolean
  onClose: () => void
  onSaved: (request: RequestView) => void
  settings: PageSettings
  /** Returns the server's time. */
  now: () => Date
}

const NEW = { status: "used_up" } as const

/** Makes or edits a request. What is typed is kept until it is saved. */
export function RequestDialog(props: RequestDialogProps) {
  const { request, open, onClose, onSaved, settings, now } = props
  const t = useTranslations("member.requests.form")
  const formId = useId()
  const { run, pending, refused, reset } = useChange()
  // An end of a new request in the past is refused, and ends nothing.
  const { dialog, confirm } = useQuestion()

  async function save(form: FormData) {
    const body = requestOf(form)
    const { expiresAt } = body
    const question = questionOf(request ?? NEW, { expiresAt }, now())
    if (question && !(await confirm(question))) return
    run(
      () =>
        request
          ? ask("PATCH /requests/{id}", { id: request.id, body })
          : ask("POST /requests", { body }),
      onSaved,
    )
  }

  return (
    <Dialog
      size="lg"
      keepAs={request ? `request ${request.id}` : "new request"}
      open={open}
      onOpenChange={(next) => {
        if (next) return
        reset()
        onClose()
      }}
      title={request ? t("editTitle", { title: request.title }) : t("newTitle")}
      description={request ? undefined : t("lead")}
      footer={
        <>
          <DialogClose />
          <Button type="submit" form={formId} pending={pending}>
            {t(request ? "save" : "create")}
          </Button>
        </>
      }
    >
      <RequestForm
        request={request}
        id={formId}
        settings={settings}
        now={now}
        refused={refused}
        onSave={(form) => void save(form)}
      />
      {dialog}
    </Dialog>
  )
}
