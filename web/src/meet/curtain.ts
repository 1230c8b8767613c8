// The curtain before the principals of another side.

/** Milliseconds in which it lifts. */
export const lifting = 120

/**
 * Lifts the element after so many ms. What draws the page does it, not the script, which has much to do at that moment and would be late.
 * The time runs from now: an animation's own would begin with the next picture of the page, and that one may be late too. `set` is called when
 * the page has handed it over, or nobody looks at the page. `_rises` is there to begin anew when the moment becomes another one.
 */
export function lift(left: () => number, _rises: number | undefined, set: () => void) {
  return (element: HTMLElement) => {
    const animation = element.animate([{ opacity: 1 }, { opacity: 0 }], { delay: left(), duration: lifting, fill: 'forwards' })
    animation.startTime = performance.now()
    const drawn = requestAnimationFrame(set)
    if (document.visibilityState === 'hidden') set()
    return () => {
      cancelAnimationFrame(drawn)
      animation.cancel()
    }
  }
}
