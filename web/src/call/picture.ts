// A person's picture in a <video>: bound to the slot in which the person sits, and never shown with the frames of the
// person who sat there before.
import type { MemberID, Source } from '../protocol.ts'
import { reached, type Slots } from './slots.ts'

// For browsers whose frames carry no RTP timestamp: the old person's frames are played out by then.
const playedOut = 300

/** Keeps the element at the person's slot until the signal; `shown` says whether the picture is theirs. */
export function showPicture(video: HTMLVideoElement, slots: Slots, member: MemberID, source: Source, shown: (yes: boolean) => void, signal: AbortSignal): void {
  let slot: string | undefined
  let from: number | undefined
  let since = 0
  let visible = false
  let watching = 0

  function look() {
    const next = slots.of(member, source)
    if (next !== slot) {
      slot = next
      video.srcObject = slot === undefined ? null : slots.stream(slot)
      // Refused only where autoplay of a muted video is; then the first touch of the page plays it.
      if (slot !== undefined) video.play().catch(() => undefined)
      from = undefined
    }
    const start = slot === undefined ? undefined : slots.since(slot, member, source)
    if (start === undefined) {
      from = undefined
      show(false)
    } else if (start !== from) {
      from = start
      since = performance.now()
      show(false)
      watch()
    }
  }

  function watch() {
    video.cancelVideoFrameCallback(watching)
    watching = video.requestVideoFrameCallback((now, frame) => {
      if (signal.aborted || from === undefined || visible) return
      if (frame.rtpTimestamp === undefined ? now - since > playedOut : reached(frame.rtpTimestamp, from)) show(true)
      else watch()
    })
  }

  function show(yes: boolean) {
    if (visible === yes) return
    visible = yes
    shown(yes)
  }

  slots.news.listen('seats', look, signal)
  slots.news.listen('switched', (name) => { if (name === slot) look() }, signal)
  signal.addEventListener('abort', () => {
    video.cancelVideoFrameCallback(watching)
    video.srcObject = null
  }, { once: true })
  look()
}
