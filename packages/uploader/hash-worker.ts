import "client-only"
import { createHashDesk, type HashOrder } from "./hash-scheduler.ts"

const desk = createHashDesk((result) => postMessage(result))

addEventListener("message", ({ data }: MessageEvent<HashOrder>) => desk(data))
