import "server-only"

/** Messages that wait for a client which does not read; one more, and it is dropped. */
const WAITING_MOST = 16

/** No proxy may hold it back or compress it. */
const HEADERS = {
  "Content-Type": "text/event-stream; charset=utf-8",
  "Cache-Control": "no-store, no-transform",
  "X-Accel-Buffering": "no",
}

export type EventSink = {
  /** Sends a message as JSON, or null, a comment; false: the client does not read. */
  send(message: unknown): boolean
  end(): void
}

/**
 * Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). `open` gets
 * where to send them and returns what is to be done when the client is gone.
 */
export function eventStream(open: (sink: EventSink) => () => void): Response {
  const encoder = new TextEncoder()
  let close = () => {}
  let isOpen = true
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const write = (text: string) => controller.enqueue(encoder.encode(text))
        write(": \n\n") // the head goes out with it
        close = open({
          send(message) {
            if (!isOpen || (controller.desiredSize ?? 0) <= 0) return false
            write(message === null ? ": \n\n" : `data: ${JSON.stringify(message)}\n\n`)
            return true
          },
          end() {
            if (!isOpen) return
            isOpen = false
            controller.close()
          },
        })
      },
      cancel() {
        isOpen = false
        close()
      },
    },
    new CountQueuingStrategy({ highWaterMark: WAITING_MOST }),
  )
  return new Response(body, { headers: HEADERS })
}
