"use client"

import { useTranslations } from "next-intl"
import type { DeliveryView } from "#lib/rooms/requests/request.ts"

type Sender = Pick<DeliveryView, "name" | "address" | "recipient" | "erasedAt" | "waitsForName">

/** Returns the function that names a sender. */
export function useSenderName() {
  const t = useTranslations("member.requests.arrivals")
  return ({ name, address, recipient, erasedAt, waitsForName }: Sender) =>
    name ||
    address ||
    (!erasedAt && recipient) ||
    t(erasedAt ? "erased" : waitsForName ? "noNameYet" : "somebody")
}
