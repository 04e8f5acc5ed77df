"use client"

import { useTranslations } from "next-intl"
import { useTypedBox, useTypedFlag } from "#components/ui/dialogs/typed-fields.ts"
import { Switch } from "#components/ui/forms/checkbox.tsx"
import type { ShareView } from "#lib/shares/share.ts"

type Reading = Pick<ShareView, "viewOnly" | "preview" | "watermark">

/**
 * Selects whether visitors may preview files, download them, or both. A view-only share has
 * previews. If admins allow no previews, the share keeps its values.
 */
export function ReadingOptions({ share, allowed }: { share: Reading; allowed: boolean }) {
  const t = useTranslations("member.conditions")
  const [viewOnly, setViewOnly] = useTypedFlag("viewOnly", share.viewOnly)
  const [preview, setPreview] = useTypedFlag("preview", share.preview)
  const watermark = useTypedBox("watermark", share.watermark)
  const isPreviewed = allowed && (preview || viewOnly)
  return (
    <>
      <div className="border-b border-line py-3.5">
        <Switch
          label={t("preview")}
          hint={t(allowed ? "previewHint" : "offForAll")}
          name="preview"
          checked={isPreviewed}
          disabled={viewOnly || !allowed}
          onChange={(event) => setPreview(event.currentTarget.checked)}
        />
        {isPreviewed && (
          <div className="mt-3 ps-12.5">
            <Switch label={t("watermark")} hint={t("watermarkHint")} {...watermark} />
          </div>
        )}
      </div>
      <div className="py-3.5">
        <Switch
          label={t("viewOnly")}
          hint={t(allowed ? "viewOnlyHint" : "offForAll")}
          name="viewOnly"
          checked={viewOnly && allowed}
          disabled={!allowed}
          onChange={(event) => setViewOnly(event.currentTarget.checked)}
        />
      </div>
      {!allowed &&
        (["preview", "viewOnly", "watermark"] as const).map(
          (name) => share[name] && <input key={name} type="hidden" name={name} value="on" />,
        )}
    </>
  )
}
