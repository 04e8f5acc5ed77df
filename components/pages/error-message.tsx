"use client"

import { useTranslations } from "next-intl"
import { Button } from "#components/ui/button.tsx"
import { Ring } from "#components/ui/ring/ring.tsx"

/** The message for a bug or an outage. It shows no cause: the log has it, under the same digest. */
export function ErrorMessage({ error, retry }: { error: unknown; retry: () => void }) {
  const t = useTranslations("common.error")
  const digest = error instanceof Error && "digest" in error ? String(error.digest) : null
  return (
    <>
      <Ring state="revoked" size={76} />
      <h1 className="mt-6.5 text-title md:text-display">{t("title")}</h1>
      <p className="mt-3 max-w-[46ch] text-note">{t("text")}</p>
      {digest && <p className="mt-2 text-sm text-soft">{t("reference", { digest })}</p>}
      <Button className="mt-7" onClick={() => retry()}>
        {t("again")}
      </Button>
    </>
  )
}
