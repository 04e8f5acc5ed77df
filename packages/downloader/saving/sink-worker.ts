import "client-only"
import { createSinkHost, type FreedBuffer, type SinkRequest } from "./sink-host.ts"

const handle = createSinkHost(undefined, (freed) => {
  const message: FreedBuffer = { freed }
  postMessage(message, { transfer: [freed] })
})

addEventListener("message", async ({ data }: MessageEvent<SinkRequest>) => {
  postMessage(await handle(data))
})
