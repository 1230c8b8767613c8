// The curtain before the principals of another side.

/** Milliseconds in which it lifts. */
export const lifting = 120

/**
 * Lifts the element after so many ms. What draws the page does it, not the script, which has much to do at that moment and would be late.
 * `_rises` is there to begin anew when the moment becomes another one.
 */
export function lift(left: () => number, _rises: number | undefined) {
  return (element: HTMLElement) => {
    const animation = element.animate([{ opacity: 1 }, { opacity: 0 }], { delay: left(), duration: lifting, fill: 'forwards' })
    return () => animation.cancel()
  }
}
