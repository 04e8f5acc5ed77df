"use client"

import { useRouter } from "next/navigation"
import { useTranslations } from "next-intl"
import { useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { ChangeDialog } from "#components/calls/change-dialog.tsx"
import { useOwnerPath } from "#components/nav/owner.ts"
import { DeleteRequestDialog } from "#components/requests/delete-dialogs.tsx"
import { RequestDialog } from "#components/requests/request-dialog.tsx"
import { RevokeRequestDialog } from "#components/requests/revoke-request-dialog.tsx"
import { Switch } from "#components/ui/forms/checkbox.tsx"
import { useToast } from "#components/ui/overlays/toast.tsx"
import type { RequestView } from "#lib/rooms/requests/request.ts"
import type { PageSettings } from "#lib/web/page-settings.ts"

/** The dialog to show, and its request. */
export type ShownRequest =
  | { dialog: "new"; request: null }
  | { dialog: "edit" | "revoke" | "new_link" | "delete"; request: RequestView }

type RequestDialogsViewProps = {
  shown: ShownRequest
  /** Separate from `shown`, which is kept while the dialog fades out. */
  open: boolean
  onClose: () => void
  onSaved: (request: RequestView) => void
  settings: PageSettings
  now: () => Date
}

/** The dialogs about a request, at most one of them open. */
export function RequestDialogsView(props: RequestDialogsViewProps) {
  const { shown, open, onClose, onSaved, settings, now } = props
  const { dialog, request } = shown
  const router = useRouter()
  const at = useOwnerPath()
  if (dialog === "new" || dialog === "edit")
    return (
      <RequestDialog
        key={request?.id}
        request={request}
        open={open}
        onClose={onClose}
        onSaved={onSaved}
        settings={settings}
        now={now}
      />
    )
  if (dialog === "revoke")
    return <RevokeRequestDialog request={request} open={open} onClose={onClose} />
  if (dialog === "new_link")
    return <NewLinkDialog key={request.id} request={request} open={open} onClose={onClose} />
  return (
    <DeleteRequestDialog
      key={request.id}
      request={request}
      open={open}
      onClose={onClose}
      onDeleted={() => router.push(at("/requests"))}
    />
  )
}

type NewLinkDialogProps = { request: RequestView; open: boolean; onClose: () => void }

/** Replaces the link of a request, and asks whether its chosen address stays. */
function NewLinkDialog({ request, open, onClose }: NewLinkDialogProps) {
  const t = useTranslations("member.requests.newLink")
  const toast = useToast()
  const [keepSlug, setKeepSlug] = useState(true)
  const { id, title, slug } = request
  return (
    <ChangeDialog
      open={open}
      onClose={onClose}
      title={t("title", { title })}
      description={t("text")}
      confirmLabel={t("confirm")}
      tone="primary"
      call={() => ask("POST /requests/{id}/new-link", { id, body: { keepSlug } })}
      onDone={() => toast({ title: t("done"), tone: "ok" })}
    >
      {slug && (
        <Switch
          label={t("keep", { slug: `/r/${slug}` })}
          hint={t("keepHint")}
          checked={keepSlug}
          onChange={({ currentTarget }) => setKeepSlug(currentTarget.checked)}
        />
      )}
    </ChangeDialog>
  )
}
