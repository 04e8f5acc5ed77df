import type { Assets } from "#visitor/assets.ts"

const script = { src: "/assets/script.js", imports: [] }

/** The files that a build makes for the visitor's pages. */
export const VISITOR_ASSETS: Assets = {
  stylesheet: "/assets/visitor.css",
  viewer: {
    styles: "/assets/viewer.css",
    parser: "/assets/parser.js",
    pdf: { frame: "/assets/pdf.html", worker: "/assets/pdf-worker.js", files: "/assets/pdfjs/" },
  },
  font: "/assets/font.woff2",
  scripts: { visit: script, closed: script, request: script },
  zipWorker: "/assets/zip-worker.js",
  ownZip: "/assets/own-zip.js",
  ownViewer: "/assets/own-viewer.js",
  hashWorker: "/assets/hash-worker.js",
  downloadWorker: "/assets/download-worker.js",
  words: {},
}

export const STORE_ORIGIN = "https://store.example.org"
