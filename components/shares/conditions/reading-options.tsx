"use client"

import { useTranslations } from "next-intl"
import { useTypedBox, useTypedFlag } from "#components/ui/dialogs/typed-fields.ts"
import { Switch } from "#components/ui/forms/checkbox.tsx"
import type { ShareView } from "#lib/rooms/shares/share.ts"
import { Option } from "./option.tsx"

type Reading = Pick<ShareView, "viewOnly" | "preview" | "watermark">

/**
 * Selects whether visitors may preview files, download them, or both. A view-only share always has
 * previews. If admins forbid previews, the share keeps its values.
 */
export function ReadingOptions({ share, allowed }: { share: Reading; allowed: boolean }) {
  const t = useTranslations("member.conditions")
  const [viewOnly, setViewOnly] = useTypedFlag("viewOnly", share.viewOnly)
  const [preview, setPreview] = useTypedFlag("preview", share.preview)
  const watermark = useTypedBox("watermark", share.watermark)
  const isPreviewed = allowed && (preview || viewOnly)
  return (
    <>
      {!allowed &&
        (["preview", "viewOnly", "watermark"] as const).map(
          (name) => share[name] && <input key={name} type="hidden" name={name} value="on" />,
        )}
      <Option
        label={t("preview")}
        hint={t(allowed ? "previewHint" : "offForAll")}
        name="preview"
        checked={isPreviewed}
        disabled={viewOnly || !allowed}
        onChange={(event) => setPreview(event.currentTarget.checked)}
      >
        {isPreviewed && <Switch label={t("watermark")} hint={t("watermarkHint")} {...watermark} />}
      </Option>
      <Option
        label={t("viewOnly")}
        hint={t(allowed ? "viewOnlyHint" : "offForAll")}
        name="viewOnly"
        checked={viewOnly && allowed}
        disabled={!allowed}
        onChange={(event) => setViewOnly(event.currentTarget.checked)}
      />
    </>
  )
}
