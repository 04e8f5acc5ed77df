"use client"

import { useTranslations } from "next-intl"
import { copyText } from "#components/ui/forms/copy-text.ts"
import { useToast } from "#components/ui/overlays/toast.tsx"

/**
 * Returns a function that copies the link of a share or a request. Without permission to copy, a
 * toast shows the link.
 */
export function useCopyLink() {
  const t = useTranslations("member.shares")
  const toast = useToast()
  return async ({ url, name }: { url: string; name: string }) => {
    const isCopied = await copyText(url)
    toast({
      title: t(isCopied ? "linkCopied" : "copyLink"),
      description: isCopied ? name : url,
      ...(isCopied && { tone: "ok" }),
    })
  }
}
