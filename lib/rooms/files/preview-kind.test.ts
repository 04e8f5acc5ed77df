import { describe, expect, it } from "vitest"
import { previewOf } from "./preview-kind.ts"

const PLAIN = "text/plain; charset=utf-8"

describe("previewOf", () => {
  it.each([
    ["a.PNG", "image/png", "image", "image/png"],
    ["a.jpeg", "image/jpeg", "image", "image/jpeg"],
    ["a.gif", "image/gif", "image", "image/gif"],
    ["a.webp", "image/webp", "image", "image/webp"],
    ["a.avif", "image/avif", "image", "image/avif"],
    ["a.bmp", "image/bmp", "image", "image/bmp"],
    ["a.ico", "image/vnd.microsoft.icon", "image", "image/x-icon"],
    ["a.pdf", "application/pdf", "pdf", "application/pdf"],
    ["a.mp4", "video/mp4", "video", "video/mp4"],
    ["a.mov", "video/quicktime", "video", "video/mp4"],
    ["a.webm", "video/webm", "video", "video/webm"],
    ["a.ogv", "video/ogg", "video", "video/ogg"],
    ["a.mp3", "audio/mpeg", "audio", "audio/mpeg"],
    ["a.flac", "audio/flac", "audio", "audio/flac"],
    ["a.md", "text/markdown", "markdown", PLAIN],
    ["a.csv", "application/vnd.ms-excel", "csv", PLAIN],
    ["a.json", "application/json", "code", PLAIN],
    ["a.log", "application/octet-stream", "text", PLAIN],
    ["a.py", "text/x-python", "code", PLAIN],
    ["Makefile", "application/octet-stream", "code", PLAIN],
  ])("shows %s, stated as %s, as %s", (name, stated, kind, contentType) => {
    expect(previewOf(name, stated)).toEqual({ kind, contentType })
  })

  it("shows HTML, SVG and XML only as source, whether the name or the type says so", () => {
    for (const [name, stated] of [
      ["a.html", "text/html"],
      ["a.html", "image/png"],
      ["a.png", "text/html; charset=utf-8"],
      ["a.pdf", "application/xhtml+xml"],
      ["a.svg", "image/svg+xml"],
      ["a.svg", "image/png"],
      ["a.png", "IMAGE/SVG+XML"],
      ["a.xml", "application/xml"],
      ["a", "text/xml"],
      ["a.xsl", "application/octet-stream"],
    ] as const) {
      expect([name, stated, previewOf(name, stated)]).toEqual([
        name,
        stated,
        { kind: "code", contentType: PLAIN },
      ])
    }
  })

  it("prefers the name to the stated type, because systems state their own types", () => {
    expect(previewOf("main.ts", "video/mp2t")?.kind).toBe("code")
    expect(previewOf("a.png", "application/octet-stream")?.kind).toBe("image")
    expect(previewOf("a.txt", "video/mp4")?.contentType).toBe(PLAIN)
  })

  it("uses the stated type if the name is unknown, or if one container has two kinds", () => {
    expect(previewOf("IMG_1234", "image/jpeg")?.kind).toBe("image")
    expect(previewOf("Version 1.2", "application/pdf")?.kind).toBe("pdf")
    expect(previewOf("a.webm", "audio/webm")?.kind).toBe("audio")
    expect(previewOf("a.ogg", "video/ogg")?.kind).toBe("video")
  })

  it("returns nothing for other kinds", () => {
    for (const [name, stated] of [
      ["a.zip", "application/zip"],
      ["a.exe", "application/octet-stream"],
      ["a.swf", "application/x-shockwave-flash"],
      ["a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"],
      ["a.heic", "image/heic"],
      ["a.mkv", "video/x-matroska"],
      ["archive", ""],
      ["", ""],
    ] as const) {
      expect([name, previewOf(name, stated)]).toEqual([name, null])
    }
  })
})
