import { type FileView, type MemberClient, read } from "../../member-client.ts"

type Started = { file: FileView; upload: { partSize: number; partCount: number } }
type Signed = { parts: { url: string; headers: Record<string, string> }[] }

/** Starts an upload in parts, which are sent one by one. */
export async function startInSteps(member: MemberClient, name: string, size: number) {
  const asked = { name, size, contentType: "application/octet-stream" }
  const { file, upload } = await read<Started>(await member.post("/files", asked), 201)
  let sent = 0
  return {
    file,
    left: () => upload.partCount - sent,
    async sendPart() {
      const at = sent * upload.partSize
      sent += 1
      const answer = await member.post(`/files/${file.id}/parts`, { partNumbers: [sent] })
      const { url = "", headers = {} } = (await read<Signed>(answer, 200)).parts[0] ?? {}
      const body = new Uint8Array(Math.min(upload.partSize, size - at)).fill(sent)
      const { status } = await fetch(url, { method: "PUT", headers, body })
      if (status !== 200) throw new Error(`The store answered a part with ${status}.`)
    },
    finish: async () => read<FileView>(await member.post(`/files/${file.id}/complete`), 200),
  }
}
