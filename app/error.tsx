"use client"

import { useTranslations } from "next-intl"
import { CalmPage } from "#components/calm-page.tsx"
import { Button } from "#components/ui/button.tsx"
import { Ring } from "#components/ui/ring.tsx"

/** A bug or an outage. What it was is in the log, found by the digest; it is not told here. */
export default function ErrorPage({ error, retry }: { error: unknown; retry: () => void }) {
  const t = useTranslations("common.error")
  const digest = error instanceof Error && "digest" in error ? String(error.digest) : null
  return (
    <CalmPage
      title={t("title")}
      sign={<Ring state="revoked" size={76} />}
      action={<Button onClick={() => retry()}>{t("again")}</Button>}
    >
      <p>{t("text")}</p>
      {digest && <p className="mt-2 text-sm text-soft">{t("reference", { digest })}</p>}
    </CalmPage>
  )
}
