"use client"

import { useTranslations } from "next-intl"
import { type ReactNode, useState } from "react"
import { ApiError, answerOf } from "#components/calls/api-call.ts"
import { ask } from "#components/calls/ask.ts"
import type { Conditions } from "#components/shares/conditions/conditions-of-form.ts"
import { useEndQuestion } from "#components/shares/editors/use-end-question.tsx"
import { useEndText } from "#components/shares/expiry/use-end-text.ts"
import { Button } from "#components/ui/button.tsx"
import { Dialog } from "#components/ui/dialogs/dialog.tsx"
import { ActionError } from "#components/ui/forms/action-error.tsx"
import type { ShareView } from "#lib/rooms/shares/share.ts"
import type { PageSettings } from "#lib/web/page-settings.ts"
import type { EditorProps } from "./editor-props.ts"
import { EndEditor } from "./end-editor.tsx"
import { LimitEditor, MoreEditor, PasswordEditor } from "./value-editors.tsx"

type Chip = "end" | "password" | "limit" | "more"

type ConditionChipsProps = {
  share: ShareView
  settings: PageSettings
  now: () => Date
  onSaved: (share: ShareView) => void
}

/** The conditions of a share as short chips. Each opens an editor that saves at once. */
export function ConditionChips({ share, settings, now, onSaved }: ConditionChipsProps) {
  const t = useTranslations("member.chips")
  const [open, setOpen] = useState<Chip | null>(null)
  const props = { share, settings, now, onSaved }
  const end = share.expiresAt === null ? null : new Date(share.expiresAt)
  const endText = useEndText(now())
  const chips: [Chip, string][] = [
    ["end", end && end <= now() ? t("expired") : endText(end)],
    ["password", t(share.hasPassword ? "password" : "noPassword")],
    ["limit", limitText(share, t)],
    ["more", t("more")],
  ]
  return (
    <div className="flex flex-wrap gap-1.5">
      {chips.map(([chip, text]) => (
        <ChipEditor
          key={chip}
          chip={chip}
          text={text}
          open={open === chip}
          onOpenChange={(next) => setOpen(next ? chip : null)}
          {...props}
        />
      ))}
    </div>
  )
}

type Words = ReturnType<typeof useTranslations<"member.chips">>

const limitText = ({ maxDownloads: count, viewOnly }: ShareView, t: Words) =>
  count === null ? t("noLimit") : t(viewOnly ? "viewerLimit" : "limit", { count })

const EDITORS: Record<Chip, (props: EditorProps) => ReactNode> = {
  end: EndEditor,
  password: PasswordEditor,
  limit: LimitEditor,
  more: MoreEditor,
}

type ChipEditorProps = ConditionChipsProps & {
  chip: Chip
  text: string
  open: boolean
  onOpenChange: (open: boolean) => void
}

function ChipEditor({ chip, text, open, onOpenChange, ...props }: ChipEditorProps) {
  const { share, settings, now, onSaved } = props
  const t = useTranslations("member.chips")
  const common = useTranslations("common")
  const Editor = EDITORS[chip]
  const id = `${chip}-of-${share.id}`
  const { question, mayEnd } = useEndQuestion(share, now)
  const { save, pending, refusal, reset } = useSave(share, mayEnd, (saved) => {
    onSaved(saved)
    // The end is often set in several steps, so its editor stays open.
    if (chip !== "end") onOpenChange(false)
  })
  return (
    <Dialog
      keepAs={id}
      open={open}
      onOpenChange={(next) => {
        if (!next) reset()
        onOpenChange(next)
      }}
      trigger={
        <Button variant="quiet" size="sm" className="rounded-full! font-medium!">
          {text}
        </Button>
      }
      size={chip === "more" ? "lg" : "md"}
      title={t(chip === "limit" && share.viewOnly ? "title.viewerLimit" : `title.${chip}`)}
      footer={
        <Button type="submit" form={id} pending={pending}>
          {t("save")}
        </Button>
      }
    >
      <Editor
        share={share}
        settings={settings}
        now={now}
        save={save}
        pending={pending}
        refusal={refusal}
        id={id}
        close={() => onOpenChange(false)}
      />
      {refusal && !isOf(chip, refusal) && (
        <ActionError className="mt-4">{refusal.message || common("noAnswer")}</ActionError>
      )}
      {question}
    </Dialog>
  )
}

const OWN_FIELDS: Record<Chip, string[]> = {
  end: ["expiresAt"],
  password: ["password"],
  limit: ["maxDownloads"],
  more: ["message", "startsAt", "mintTtlSeconds"],
}

/** Whether the editor shows the refusal next to its own field. */
const isOf = (chip: Chip, { field }: ApiError) => OWN_FIELDS[chip].includes(field ?? "")

function useSave(
  { id }: ShareView,
  maySave: (conditions: Conditions) => Promise<boolean>,
  onSaved: (share: ShareView) => void,
) {
  const [pending, setPending] = useState(false)
  const [refusal, setRefusal] = useState<ApiError | null>(null)

  async function save(conditions: Conditions) {
    if (!(await maySave(conditions))) return false
    setPending(true)
    setRefusal(null)
    const answer = await answerOf(ask("PATCH /shares/{id}", { id, body: conditions }))
    setPending(false)
    if (answer instanceof ApiError) setRefusal(answer)
    else onSaved(answer)
    return !(answer instanceof ApiError)
  }

  return { save, pending, refusal, reset: () => setRefusal(null) }
}
