import "client-only"
import { createSinkHost, type SinkRequest } from "./sink-host.ts"

const handle = createSinkHost()

addEventListener("message", async ({ data }: MessageEvent<SinkRequest>) => {
  postMessage(await handle(data))
})
