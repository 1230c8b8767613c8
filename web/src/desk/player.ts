// Several files of one recording as one: all of them follow the clock of the first.

/** A file that plays, as the browser's element does. */
export interface Track {
  currentTime: number
  readonly duration: number
  readonly paused: boolean
  playbackRate: number
  play(): Promise<void>
  pause(): void
}

/** Seconds: beyond the first a track is hurried or slowed unheard, beyond the second it is put right at once. */
const hurry = 0.03
const leap = 0.2

/** Of one who came late: no track goes to a place before its beginning, which so is found out. */
const begins = new WeakMap<Track, number>()
const sentTo = new WeakMap<Track, number>()

/** Brings a track to where the leading one is. */
export function follow(track: Track, at: number, playing: boolean): void {
  if (at < (begins.get(track) ?? 0)) {
    if (!track.paused) track.pause()
    return
  }
  if (!playing || at >= track.duration) { // a duration that is not known yet is no number, and nothing is beyond it
    if (!track.paused) track.pause()
    if (Math.abs(track.currentTime - at) > leap && at < track.duration) track.currentTime = at
    return
  }
  if (track.currentTime - at > leap) { // it stands still until it is seen where it has gone
    if (track.currentTime - (sentTo.get(track) ?? Infinity) > leap) begins.set(track, track.currentTime)
    else {
      sentTo.set(track, at)
      track.currentTime = at
    }
    track.pause()
    return
  }
  sentTo.delete(track)
  if (track.paused) void track.play().catch(() => undefined)
  const late = at - track.currentTime
  if (Math.abs(late) > leap) {
    track.currentTime = at
    track.playbackRate = 1
  } else {
    track.playbackRate = Math.abs(late) > hurry ? 1 + Math.sign(late) * 0.05 : 1
  }
}
