// What the screen shows, in device pixels, for the node to seat and size pictures by.
import type { Layout, MemberID, Tile } from '../protocol.ts'

export interface Looked {
  readonly member: MemberID
  readonly source: 'camera' | 'screen'
  readonly pinned: boolean
  readonly order: number // smaller is more important
}

const settle = 200 // ms: a window being dragged is told once
const soon = 20 // ms: what is shown, or pinned, is told when all of it is in its place

export class Look {
  private readonly watched = new Map<Element, Looked>()
  private readonly observer = new ResizeObserver(() => this.later(settle))
  private readonly tell: (layout: Layout) => void
  private timer: ReturnType<typeof setTimeout> | undefined
  private due = Infinity
  private told = ''

  constructor(tell: (layout: Layout) => void, signal: AbortSignal) {
    this.tell = tell
    document.addEventListener('visibilitychange', () => this.report(), { signal })
    signal.addEventListener('abort', () => {
      this.observer.disconnect()
      clearTimeout(this.timer)
    }, { once: true })
  }

  watch(element: Element, what: Looked): () => void {
    this.watched.set(element, what)
    this.observer.observe(element)
    this.later(soon)
    return () => {
      this.observer.unobserve(element)
      this.watched.delete(element)
      this.later(soon)
    }
  }

  /** Reports after so many ms, from the last change of a size on; what was to be told sooner is. */
  private later(ms: number): void {
    const now = performance.now()
    if (ms === settle && this.due > now && this.due - now < soon) return
    clearTimeout(this.timer)
    this.due = now + ms
    this.timer = setTimeout(() => this.report(), ms)
  }

  private report(): void {
    const tiles = [...this.watched].map(([element, what]) => ({ what, box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0 && box.height > 0)
      .sort((a, b) => a.what.order - b.what.order)
      .map(({ what, box }): Tile => ({
        member: what.member, source: what.source,
        width: Math.round(box.width * devicePixelRatio), height: Math.round(box.height * devicePixelRatio),
        ...(what.pinned ? { pinned: true } : {}),
      }))
    const layout: Layout = document.visibilityState === 'hidden' ? { tiles, hidden: true } : { tiles }
    const text = JSON.stringify(layout)
    if (text === this.told) return
    this.told = text
    this.tell(layout)
  }
}
