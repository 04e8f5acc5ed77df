"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import type { ShareView } from "#lib/shares/share.ts"
import { Switch } from "../ui/checkbox.tsx"

type Reading = Pick<ShareView, "viewOnly" | "preview" | "watermark">

/** Whether visitors may look at files, download them, or both. A view-only share has previews. */
export function ReadingOptions({ share }: { share: Reading }) {
  const t = useTranslations("member.conditions")
  const [viewOnly, setViewOnly] = useState(share.viewOnly)
  const [preview, setPreview] = useState(share.preview)
  const isPreviewed = preview || viewOnly
  return (
    <>
      <div className="border-b border-line py-3.5">
        <Switch
          label={t("preview")}
          hint={t("previewHint")}
          name="preview"
          checked={isPreviewed}
          disabled={viewOnly}
          onChange={(event) => setPreview(event.currentTarget.checked)}
        />
        {isPreviewed && (
          <div className="mt-3 pl-12.5">
            <Switch
              label={t("watermark")}
              hint={t("watermarkHint")}
              name="watermark"
              defaultChecked={share.watermark}
            />
          </div>
        )}
      </div>
      <div className="py-3.5">
        <Switch
          label={t("viewOnly")}
          hint={t("viewOnlyHint")}
          name="viewOnly"
          checked={viewOnly}
          onChange={(event) => setViewOnly(event.currentTarget.checked)}
        />
      </div>
    </>
  )
}
