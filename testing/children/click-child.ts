// Clicks on links and previews their files, as visitors of another replica do, until it is
// disconnected: node testing/children/click-child.ts VISITORS URL FILE_ID [URL FILE_ID]… Sends each
// URL with the time when it was handed out.
import { clickOn, lookAt } from "#testing/builders/shared-file.ts"

const [visitors = "1", ...rest] = process.argv.slice(2)
const links: { url: string; fileId: string }[] = []
while (rest.length > 1) links.push({ url: rest.shift() ?? "", fileId: rest.shift() ?? "" })
process.on("disconnect", () => process.exit(0))

const visit = async (first: number) => {
  for (let n = first; ; n++) {
    const { url, fileId } = links[n % links.length] ?? { url: "", fileId: "" }
    const isLook = Math.floor(n / links.length) % 2 === 1
    const handOut = isLook ? lookAt(url, fileId) : clickOn(url, [fileId]).then(([each]) => each)
    const address = await handOut.catch(() => undefined)
    if (address) process.send?.({ link: url, address, at: Date.now() })
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}
await Promise.all(Array.from({ length: Number(visitors) }, (_, first) => visit(first)))
