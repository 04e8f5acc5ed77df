import "client-only"
import { createHashScheduler, type HashRequest } from "./hash-scheduler.ts"

const schedule = createHashScheduler((result) => postMessage(result))

addEventListener("message", ({ data }: MessageEvent<HashRequest>) => schedule(data))
