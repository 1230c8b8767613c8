// Names come from people and may carry characters that turn the text around them.

// Embeddings and overrides (U+202A-202E), isolates (U+2066-2069), line and paragraph separators.
const turning = /[\u202A-\u202E\u2066-\u2069\u2028\u2029]/g

/** The name without characters that could reorder what stands beside it. The joiners of Persian and the marks U+200E/F stay. */
export function bare(name: string): string {
  return name.replace(turning, '')
}

/** The name inside an isolate of its own direction (UAX #9), for places where <bdi> is impossible. */
export function isolate(name: string): string {
  return `\u2068${bare(name)}\u2069`
}
