import { config } from "zod/v4/core"

// A page's policy forbids eval. Zod would try it, and Firefox reports each attempt.
config({ jitless: true })
