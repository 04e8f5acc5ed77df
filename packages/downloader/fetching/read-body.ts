import "client-only"

type Chunk = Uint8Array<ArrayBuffer>

type Body = {
  /** The next bytes, at least one, valid until the next call; null at the end. Throws if cut. */
  read(): Promise<Chunk | null>
  cancel(): Promise<void>
}

const SCRATCH_BYTES = 256 * 1024

/** Reads a body, into reused memory where possible: browsers free their own chunks late. */
export function openBody(stream: ReadableStream<Chunk>): Body {
  try {
    return openByteBody(stream.getReader({ mode: "byob" }))
  } catch {
    return openChunkedBody(stream.getReader())
  }
}

function openByteBody(reader: ReadableStreamBYOBReader): Body {
  let scratch = new ArrayBuffer(SCRATCH_BYTES)
  return {
    async read() {
      // The call detaches the buffer and returns it with the bytes.
      const { value } = await reader.read(new Uint8Array(scratch))
      if (!value || value.length === 0) return null
      scratch = value.buffer
      return value
    },
    cancel: () => reader.cancel(),
  }
}

function openChunkedBody(reader: ReadableStreamDefaultReader<Chunk>): Body {
  return {
    async read() {
      for (;;) {
        const { value, done } = await reader.read()
        if (done) return null
        if (value.length > 0) return value
      }
    },
    cancel: () => reader.cancel(),
  }
}
