import { crc32, deflateSync } from "node:zlib"

export type SampleFile = { path: string; name: string; contentType: string; bytes: Buffer }

/** Files of the kinds that people share and preview, of up to a few megabytes. */
export function sampleFiles(): SampleFile[] {
  const names = ["Harbour at dawn", "Harbour at noon", "Harbour at dusk", "Lighthouse", "Pier"]
  const pictures = names.map((_, place) => pixels(place / names.length))
  return [
    ...names.map((name, place) => ({
      path: "Harbour/Photos",
      name: `${name}.png`,
      contentType: "image/png",
      bytes: png(pictures[place]),
    })),
    {
      path: "Harbour",
      name: "Brochure.pdf",
      contentType: "application/pdf",
      bytes: pdf("The harbour, a brochure", pictures[0]),
    },
    {
      path: "Reports/2026",
      name: "Annual report.pdf",
      contentType: "application/pdf",
      bytes: pdf("Annual report 2026", pictures[3]),
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
      bytes: Buffer.from(README),
    },
  ]
}

const MINUTES = `# Minutes of the harbour board

Present: Ada Lovelace (chair), Grace Hopper, Alan Turing. The minutes of the last meeting were
approved without a change.

## The pier

The pier is open again. The last two planks at its head were replaced on Monday, and the lamps work.
The engineer looks at the piles once more before the winter, and sends us the photos by a link.

## The brochure

- The brochure goes to print **next week**.
- The printer needs the photos of the lighthouse in full size, not by mail.
- Grace sends the draft to the printer as *view only*, until the prices are settled.

## Tides

The gauge at the lighthouse measured every ten minutes in June without a gap. The figures are in
*Tides.csv*; the university reads them with a script.

## Open

- [x] Photos of the lighthouse
- [x] Permit for the crane
- [ ] Figures of the second quarter
- [ ] Offers for the new slipway, from three companies

The next meeting is on the first Tuesday of the month.
`

const README = `This is sample data.

Change it, share it, and delete it as you like. Nothing of it leaves this installation, and nobody
gets mail about it.

To begin with your own files, stop this installation and start another one without --sample.
`

/** The height of the water at the gauge, every ten minutes of June. */
function tides() {
  const lines = Array.from({ length: 30 * 144 }, (_, n) => {
    const at = new Date(Date.UTC(2026, 5, 1, 0, 10 * n)).toISOString()
    const height = 2.1 + 1.7 * Math.sin((n / 74.5) * 2 * Math.PI)
    return `${at.slice(0, 10)},${at.slice(11, 16)},${height.toFixed(2)}`
  })
  return Buffer.from(["date,time,metres", ...lines, ""].join("\n"))
}

const [WIDTH, HEIGHT] = [960, 640]

/** A grainy picture of a sky over water: the compressed rows of a PNG. `hue` is from 0 to 1. */
function pixels(hue: number) {
  const tints = [0, 1 / 3, 2 / 3].map(
    (part) => 0.55 + 0.45 * (0.5 + 0.5 * Math.cos(2 * Math.PI * (hue + part))),
  )
  const rows = Buffer.alloc(HEIGHT * (1 + WIDTH * 3)) // the first byte of a row: no filter
  let at = 0
  let noise = 1
  for (let row = 0; row < HEIGHT; row++) {
    at++
    for (let column = 0; column < WIDTH; column++) {
      const [x, y] = [column / WIDTH, row / HEIGHT]
      const [right, down] = [(x - 0.3 - hue / 2) * 1.5, y - 0.35]
      const isSun = right * right + down * down < 0.008
      const light = isSun ? 1 : y < 0.62 ? 0.45 + y / 2 : 0.35 + 0.12 * Math.sin(x * 9 + y * 60)
      noise = (noise * 48_271) % 0x7fffffff
      const grain = (noise & 7) - 4
      for (const tint of tints) {
        rows[at++] = Math.min(255, Math.max(0, 255 * light * (isSun ? 1 : tint) + grain))
      }
    }
  }
  return deflateSync(rows, { level: 1 })
}

function png(rows = Buffer.alloc(0)) {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(WIDTH, 0)
  header.writeUInt32BE(HEIGHT, 4)
  header.set([8, 2], 8) // 8 bits per channel: red, green and blue
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    chunk("IDAT", rows),
    chunk("IEND", Buffer.alloc(0)),
  ])
}

/** A chunk of a PNG: https://www.w3.org/TR/png-3/#5Chunk-layout */
function chunk(type: string, data: Buffer) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data])
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}

/** A page with a title over a picture, whose rows a PDF stores as a PNG does. */
function pdf(title: string, rows = Buffer.alloc(0)) {
  const text = `q 451 0 0 301 72 380 cm /Im1 Do Q BT /F1 28 Tf 72 720 Td (${title}) Tj ET`
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> /XObject << /Im1 6 0 R >> >> >>",
    `<< /Length ${text.length} >>\nstream\n${text}\nendstream`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    `<< /Type /XObject /Subtype /Image /Width ${WIDTH} /Height ${HEIGHT} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /FlateDecode /DecodeParms << /Predictor 15 /Colors 3 /Columns ${WIDTH} >> /Length ${rows.length} >>\nstream\n${rows.toString("latin1")}\nendstream`,
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
