import { readFileSync } from "node:fs"
import path from "node:path"
import { expect, it } from "vitest"
import { isBot, isUnfurler } from "./bots.ts"
import { describeUserAgent } from "./user-agent.ts"

const table = path.join(import.meta.dirname, "../../../testing/visitors/real-agents.tsv")
const AGENTS = readFileSync(table, "utf8")
  .split("\n")
  .filter((line) => line && !line.startsWith("#"))
  .map((line) => line.split("\t"))

it.each(AGENTS)("a %s: the user agent of %s", (kind, _sender, sent = "", name) => {
  expect({
    bot: isBot(sent),
    claims: !isUnfurler(sent),
    name: describeUserAgent(sent) ?? "",
  }).toEqual({ bot: kind !== "person", claims: kind !== "bot", name })
})
