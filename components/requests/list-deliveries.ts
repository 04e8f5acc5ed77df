import "client-only"
import { ask } from "#components/calls/ask.ts"
import type { AnswerOf } from "#lib/api/ask-by.ts"
import type { DeliveryView } from "#lib/rooms/requests/request.ts"

type Page = AnswerOf<"GET /requests/{id}/deliveries">

/** Lists all deliveries of a request, newest first, each with all of its files. Throws ApiError. */
export async function listAllDeliveries(id: string): Promise<DeliveryView[]> {
  const all: DeliveryView[] = []
  for (let cursor: string | null = ""; cursor !== null; ) {
    const page: Page = await ask("GET /requests/{id}/deliveries", {
      id,
      query: { limit: "200", cursor: cursor || undefined },
    })
    for (const delivery of page.items) all.push(await withAllFiles(id, delivery))
    cursor = page.nextCursor
  }
  return all
}

/** Returns a delivery with all of its files, of which a list may have had only the first. */
export async function withAllFiles(id: string, delivery: DeliveryView): Promise<DeliveryView> {
  if (delivery.files.length === delivery.fileCount) return delivery
  const files: DeliveryView["files"] = []
  for (let cursor: string | null = ""; cursor !== null; ) {
    const page: Page = await ask("GET /requests/{id}/deliveries", {
      id,
      query: { deliveryId: delivery.id, cursor: cursor || undefined },
    })
    files.push(...page.items.flatMap((each) => each.files))
    cursor = page.nextCursor
  }
  return { ...delivery, files }
}
