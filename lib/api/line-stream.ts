import "server-only"
import { log } from "#lib/adapters/monitoring/log.ts"

type Lines<Item> = {
  batches: AsyncGenerator<Item[]>
  toLine(item: Item): string
  /** Sent before the first line. */
  head?: string
  /** Called when the client has received the whole body, or has disconnected. */
  ended: () => void
}

/**
 * A body of any length in constant memory: a batch is requested when the client has read the
 * previous one. An error ends it in the middle, so that the client sees a broken download.
 */
export function lineStream<Item>({
  batches,
  toLine,
  head = "",
  ended,
}: Lines<Item>): ReadableStream {
  const encoder = new TextEncoder()
  let before = head
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const { value, done } = await batches.next()
          const text = before + (done ? "" : value.map(toLine).join(""))
          before = ""
          if (text) controller.enqueue(encoder.encode(text))
          if (!done) return
          ended()
          controller.close()
        } catch (error) {
          ended()
          log.error({ error }, "an export ended in the middle")
          controller.error(error)
        }
      },
      async cancel() {
        ended()
        await batches.return(undefined)
      },
    },
    { highWaterMark: 0 }, // nothing is read before the client reads
  )
}
