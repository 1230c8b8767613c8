// In which codec a camera or a screen is sent, and in which form.
import type { Codec } from '../protocol.ts'
import { scaled, sizesFor } from './scale.ts'

export const codecs: readonly Codec[] = ['vp8', 'vp9', 'av1', 'h264']

/** What a machine is good at. */
export interface Machine {
  readonly hardware: ReadonlySet<Codec> // encoded without the processor, in the form that we send
  readonly tired: boolean // the processor does not keep up with what is sent now
}

/**
 * VP8 in several sizes runs everywhere and gives every receiver its own. AV1 and VP9 do the same in one stream with fewer bits,
 * but only hardware encodes three layers of them beside a call. H.264 has one size, so it comes only when the processor does
 * not keep up and the machine has hardware for it. A wish goes before all that; what a receiver lacks is never sent.
 */
export function choose(receivers: readonly Codec[], { hardware, tired }: Machine, wish?: Codec): Codec {
  const can = (codec: Codec) => receivers.includes(codec)
  if (wish && can(wish)) return wish
  const layered = (['av1', 'vp9'] as const).find((codec) => can(codec) && hardware.has(codec))
  if (layered) return layered
  return tired && can('h264') && hardware.has('h264') && !hardware.has('vp8') ? 'h264' : 'vp8'
}

/**
 * A screen is text, and only AV1 and VP9 have tools for it: beside VP8 they need about as much of the processor and half of the bits
 * or less for letters that can be read. Where the processor does not keep up all the same, it is VP8.
 */
export function chooseForScreen(common: readonly Codec[], tired: boolean): Codec {
  return tired ? 'vp8' : (['av1', 'vp9'] as const).find((codec) => common.includes(codec)) ?? 'vp8'
}

/** One encoding of a sender, as setParameters takes it. */
export interface Form {
  readonly active: boolean
  readonly scaleResolutionDownBy: number
  readonly maxBitrate: number
  readonly scalabilityMode: string
}

/**
 * A camera's encodings in a codec. VP8 has one for each size. The layers of VP9 and AV1 travel in the first encoding, the only
 * one for which Chromium heeds a scalability mode: as many layers as the largest wanted size needs, so that layer n is size n.
 * H.264 has the largest wanted size alone.
 */
export function formsOf(codec: Codec, offered: readonly RTCRtpEncodingParameters[], lines: number | undefined, wanted?: readonly number[]): Form[] {
  const most = offered.map((one) => one.maxBitrate ?? 0)
  const sizes = scaled(offered.length, lines, wanted)
  if (codec === 'vp8') return sizes.map((size, n) => ({ ...size, maxBitrate: most[n] ?? 0, scalabilityMode: 'L1T3' }))
  const whole = sizesFor(lines, offered.length) - 1
  const top = sizes.reduce((largest, size, n) => size.active ? n : largest, -1)
  const carrier = codec === 'h264' ? top : 0
  const scalabilityMode = codec === 'h264' ? 'L1T1' : top > 0 ? `L${top + 1}T3_KEY` : 'L1T3'
  return offered.map((_, n) => n === carrier && top >= 0
    ? { active: true, scaleResolutionDownBy: 2 ** (whole - top), scalabilityMode, maxBitrate: codec === 'h264' ? most[top] ?? 0 : sum(most.slice(0, top + 1)) }
    : { active: false, scaleResolutionDownBy: 1, scalabilityMode, maxBitrate: most[n] ?? 0 })
}

/** What the machine encodes in hardware, asked in the form in which it would be sent. */
export async function hardware(): Promise<ReadonlySet<Codec>> {
  const found = await Promise.all(codecs.map(async (codec) => {
    const video = { contentType: `video/${mimeOf[codec]}`, width: 1280, height: 720, bitrate: 2_000_000, framerate: 30,
      ...(codec === 'h264' ? {} : { scalabilityMode: codec === 'vp8' ? 'L1T3' : 'L3T3_KEY' }) }
    try {
      const { supported, smooth, powerEfficient } = await navigator.mediaCapabilities.encodingInfo({ type: 'webrtc', video })
      return supported && smooth && powerEfficient ? codec : undefined
    } catch {
      return undefined // a browser that does not know the question encodes by the processor
    }
  }))
  return new Set(found.filter((codec) => codec !== undefined))
}

export const mimeOf: Readonly<Record<Codec, string>> = { vp8: 'VP8', vp9: 'VP9', av1: 'AV1', h264: 'H264' }

/**
 * Of all that a browser has, what a node forwards: one of each codec, VP8 first, with which every connection begins. Of H.264
 * the profile that every browser has which has any, of VP9 and AV1 the one without more colours.
 */
export function pictureCodecs<C extends { mimeType: string; sdpFmtpLine?: string }>(all: readonly C[]): C[] {
  const mime = (codec: C) => codec.mimeType.toLowerCase()
  const ours = codecs.map((name) => all.find((codec) => mime(codec) === `video/${name}` && profiles[name].test(codec.sdpFmtpLine ?? '')))
  return [...ours.filter((codec) => codec !== undefined), ...all.filter((codec) => mime(codec) === 'video/rtx')]
}

const profiles: Readonly<Record<Codec, RegExp>> = {
  vp8: /^/,
  vp9: /^(?!.*profile-id=[1-9])/,
  av1: /^(?!.*profile=[1-9])/,
  h264: /^(?=.*packetization-mode=1)(?=.*profile-level-id=42e0)/i,
}

function sum(of: readonly number[]): number {
  return of.reduce((total, one) => total + one, 0)
}
