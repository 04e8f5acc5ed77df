"use client"

import { useTranslations } from "next-intl"
import { Button } from "#components/ui/button.tsx"
import { Message } from "./message.tsx"

/** The message for a bug or an outage. It shows no cause: the log has it, under the same digest. */
export function ErrorMessage({ error, retry }: { error: unknown; retry: () => void }) {
  const t = useTranslations("common.error")
  const digest = error instanceof Error && "digest" in error ? String(error.digest) : null
  return (
    <Message title={t("title")} action={<Button onClick={() => retry()}>{t("again")}</Button>}>
      {t("text")}
      {digest && <p className="mt-2 text-sm text-soft">{t("reference", { digest })}</p>}
    </Message>
  )
}
