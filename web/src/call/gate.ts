// The microphone of a booth: opened and closed by a fade of 10 ms, so that neither a cough nor a change of turn clicks. It always sends;
// closed, it sends silence, by which the node knows that the line stands.

const ramp = 0.01 // seconds

export class Gate {
  private readonly context: AudioContext
  private readonly gain: GainNode
  private readonly out: MediaStreamAudioDestinationNode
  private source: MediaStreamAudioSourceNode | undefined
  private level = 0

  constructor(context: AudioContext) {
    this.context = context
    this.gain = new GainNode(context, { gain: 0 })
    this.out = new MediaStreamAudioDestinationNode(context, { channelCount: 1 })
    this.gain.connect(this.out)
  }

  /** What is sent, whatever microphone is behind it. */
  get track(): MediaStreamTrack | undefined {
    return this.out.stream.getAudioTracks()[0]
  }

  feed(microphone: MediaStreamTrack | undefined): void {
    this.source?.disconnect()
    this.source = microphone && microphone.readyState === 'live' ? new MediaStreamAudioSourceNode(this.context, { mediaStream: new MediaStream([microphone]) }) : undefined
    this.source?.connect(this.gain)
  }

  open(yes: boolean): void {
    const to = yes ? 1 : 0
    if (to === this.level) return
    this.level = to
    const now = this.context.currentTime
    const { gain } = this.gain
    gain.cancelScheduledValues(0)
    gain.setValueAtTime(gain.value, now)
    gain.linearRampToValueAtTime(to, now + ramp)
  }
}
