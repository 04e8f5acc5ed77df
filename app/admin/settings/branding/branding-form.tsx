"use client"

import { useTranslations } from "next-intl"
import { useId } from "react"
import { ask } from "#components/calls/ask.ts"
import { useReadOnly } from "#components/calls/read-only.tsx"
import { SavedForm } from "#components/calls/saved-form.tsx"
import { PagePreview } from "#components/shares/preview/page-preview.tsx"
import type { Branding } from "#lib/rooms/settings/branding.ts"
import { useLatest } from "../use-latest.ts"
import {
  BRANDING_NAMES,
  type BrandingName,
  brandingChange,
  changedBranding,
} from "./branding-change.ts"
import { BrandingFields } from "./branding-fields.tsx"

/** The branding, with a preview of the visitor's page as typed. */
export function BrandingForm({ branding }: { branding: Branding }) {
  const t = useTranslations("settings.branding")
  const id = useId()
  const [saved, setSaved] = useLatest(branding)
  const isReadOnly = useReadOnly()
  const read = (form: FormData) => brandingChange(form, t("logoUnreadable"))

  // Only what was changed here: another admin may have changed the rest.
  async function save(form: FormData, changed: readonly BrandingName[]) {
    const values = Object.entries(await read(form)).filter(([name]) =>
      changed.some((each) => each === name),
    )
    const body = { branding: Object.fromEntries(values) }
    setSaved((await ask("PATCH /admin/settings", { body })).branding)
  }

  return (
    <SavedForm
      id={id}
      values={saved}
      names={BRANDING_NAMES}
      labelOf={(name) => t(name)}
      changesOf={(form) => changedBranding(form, saved)}
      onSave={save}
      note={t("lead")}
    >
      {({ errorOf, markOf }) => {
        const fields = (
          <div className="flex flex-col items-start gap-6">
            <BrandingFields branding={saved} errorOf={errorOf} markOf={markOf} />
          </div>
        )
        if (isReadOnly) return fields
        return (
          <PagePreview
            formId={id}
            draw={async (form) =>
              ask("POST /admin/settings/preview-page", { body: await read(form) }, { reads: true })
            }
          >
            {fields}
          </PagePreview>
        )
      }}
    </SavedForm>
  )
}
