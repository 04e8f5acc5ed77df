import { crc32, deflateSync } from "node:zlib"

export type SampleFile = { path: string; name: string; contentType: string; bytes: Buffer }

/** Small files of the kinds that people share and preview. */
export function sampleFiles(): SampleFile[] {
  const photos = ["Harbour at dawn", "Harbour at noon", "Harbour at dusk", "Lighthouse", "Pier"]
  return [
    ...photos.map((name, place) => ({
      path: "Harbour/Photos",
      name: `${name}.png`,
      contentType: "image/png",
      bytes: picture(place / photos.length),
    })),
    {
      path: "Harbour",
      name: "Brochure.pdf",
      contentType: "application/pdf",
      bytes: pdf("The harbour, a brochure"),
    },
    {
      path: "Reports/2026",
      name: "Annual report.pdf",
      contentType: "application/pdf",
      bytes: pdf("Annual report 2026"),
    },
    { path: "Reports/2026", name: "Tides.csv", contentType: "text/csv", bytes: tides() },
    {
      path: "",
      name: "Minutes.md",
      contentType: "text/markdown",
      bytes: Buffer.from(MINUTES),
    },
    {
      path: "",
      name: "Read me first.txt",
      contentType: "text/plain",
      bytes: Buffer.from("This is sample data.\nChange it, share it, and delete it as you like.\n"),
    },
  ]
}

const MINUTES = `# Minutes of the harbour board

- The pier is open again.
- The brochure goes to print **next week**.
- [x] Photos of the lighthouse
- [ ] Figures of the second quarter
`

function tides() {
  const lines = Array.from({ length: 60 }, (_, n) => {
    const height = 2.1 + 1.7 * Math.sin(n / 2)
    return `2026-06-${String(1 + Math.floor(n / 2)).padStart(2, "0")},${n % 2 ? "16:20" : "04:05"},${height.toFixed(2)}`
  })
  return Buffer.from(["date,time,metres", ...lines, ""].join("\n"))
}

const [WIDTH, HEIGHT] = [480, 320]

/** A PNG of a sky over water; `hue` is from 0 to 1. */
function picture(hue: number) {
  const rows = Array.from({ length: HEIGHT }, (_, y) => {
    const row = Buffer.alloc(1 + WIDTH * 3) // the first byte of a row: no filter
    for (let x = 0; x < WIDTH; x++) row.set(colourAt(x / WIDTH, y / HEIGHT, hue), 1 + x * 3)
    return row
  })
  const header = Buffer.alloc(13)
  header.writeUInt32BE(WIDTH, 0)
  header.writeUInt32BE(HEIGHT, 4)
  header.set([8, 2], 8) // 8 bits per channel: red, green and blue
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(Buffer.concat(rows))),
    chunk("IEND", Buffer.alloc(0)),
  ])
}

function colourAt(x: number, y: number, hue: number) {
  const isSun = Math.hypot((x - 0.3 - hue / 2) * 1.5, y - 0.35) < 0.09
  const light = isSun ? 1 : y < 0.62 ? 0.45 + y / 2 : 0.35 + 0.12 * Math.sin(x * 9 + y * 60)
  return [0, 1 / 3, 2 / 3].map((part) => {
    const tint = 0.5 + 0.5 * Math.cos(2 * Math.PI * (hue + part))
    return Math.round(255 * light * (isSun ? 1 : 0.55 + 0.45 * tint))
  })
}

/** A chunk of a PNG: https://www.w3.org/TR/png-3/#5Chunk-layout */
function chunk(type: string, data: Buffer) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data])
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}

function pdf(title: string) {
  const text = `BT /F1 28 Tf 72 720 Td (${title}) Tj ET`
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
    `<< /Length ${text.length} >>\nstream\n${text}\nendstream`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
  ]
  let file = "%PDF-1.4\n"
  const offsets = objects.map((object, index) => {
    const offset = file.length
    file += `${index + 1} 0 obj\n${object}\nendobj\n`
    return `${String(offset).padStart(10, "0")} 00000 n \n`
  })
  const size = objects.length + 1
  const table = `xref\n0 ${size}\n0000000000 65535 f \n${offsets.join("")}`
  const trailer = `trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`
  return Buffer.from(file + table + trailer, "latin1")
}
