// The one place where a frame transform is set. Every sender and receiver passes here, right after its transceiver is
// added (later Chromium no longer calls a transform), before a packet flows. End-to-end encryption goes here.
import type { Source } from '../protocol.ts'

/** What a sender carries, or the name of the slot that a receiver is. */
export type PipelineRole = { readonly source: Source } | { readonly slot: string }

export function pipeline(_end: RTCRtpSender | RTCRtpReceiver, _role: PipelineRole): void {
  // No transform yet: frames pass as they are.
}
