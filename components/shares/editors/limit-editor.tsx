"use client"

import { useTranslations } from "next-intl"
import { LIMIT_INPUT } from "#components/shares/conditions/inputs.tsx"
import { Button } from "#components/ui/button.tsx"
import { useTyped } from "#components/ui/dialogs/typed-fields.ts"
import { Field } from "#components/ui/forms/field.tsx"
import type { EditorProps } from "./editor-props.ts"

/** Sets or removes the download limit. */
export function LimitEditor({ share, id, save, pending, refusal }: EditorProps) {
  const t = useTranslations("member.conditions")
  const words = useTranslations("member.chips")
  const [limit, setLimit] = useTyped("maxDownloads", String(share.maxDownloads ?? ""))
  return (
    <form
      method="post"
      id={id}
      className="flex flex-col items-start gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (!pending) void save({ maxDownloads: Number(limit) })
      }}
    >
      <Field
        className="w-full"
        label={t(share.viewOnly ? "maxViewers" : "maxDownloads")}
        hint={share.downloads > 0 ? t("counted", { count: share.downloads }) : t("limitHint")}
        error={refusal?.field === "maxDownloads" && refusal.message}
        value={limit}
        onChange={({ currentTarget }) => setLimit(currentTarget.value)}
        {...LIMIT_INPUT}
        required
      />
      {share.maxDownloads !== null && (
        <Button variant="quiet" size="sm" onClick={() => void save({ maxDownloads: null })}>
          {words("takeOffLimit")}
        </Button>
      )}
    </form>
  )
}
