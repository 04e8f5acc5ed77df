"use client"

import { useTranslations } from "next-intl"
import type { DeliveryView } from "#lib/rooms/requests/request.ts"

type Sender = Pick<DeliveryView, "name" | "address" | "erasedAt" | "waitsForName">

/** Returns the function that names a sender. */
export function useSenderName() {
  const t = useTranslations("member.requests.arrivals")
  return ({ name, address, erasedAt, waitsForName }: Sender) =>
    name || address || t(erasedAt ? "erased" : waitsForName ? "noNameYet" : "somebody")
}
