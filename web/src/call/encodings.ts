// In which sizes each source is sent: the node gives every receiver the one that their tile and their line need.
import type { Role, Source } from '../protocol.ts'

/**
 * From the smallest to the largest, of 180, 360 and 720 lines: a node counts on this order. Heads have the camera of 720
 * lines, others of 360. A screen has one size, because half of it is not readable; fewer of its frames are, so it has temporal layers.
 */
export function encodingsOf(source: Source, role: Role): RTCRtpEncodingParameters[] {
  switch (source) {
    case 'microphone':
    case 'whisper': return [{ maxBitrate: 64_000, priority: 'high', networkPriority: 'high' }]
    case 'screen-sound': return [{ maxBitrate: 96_000 }]
    case 'screen': return [{ maxBitrate: 2_500_000, maxFramerate: 30, scalabilityMode: 'L1T3' } as RTCRtpEncodingParameters]
    case 'camera': {
      const sizes = [
        { rid: 'q', maxBitrate: 150_000, maxFramerate: 30 },
        { rid: 'h', maxBitrate: 500_000, maxFramerate: 30 },
        { rid: 'f', maxBitrate: 1_700_000, maxFramerate: 30 },
      ].slice(0, role === 'head' ? 3 : 2)
      return sizes.map((size, n) => ({ ...size, scaleResolutionDownBy: 2 ** (sizes.length - 1 - n) }))
    }
  }
}
