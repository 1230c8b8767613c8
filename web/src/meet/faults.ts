// What is wrong with my devices, each in one sentence.
import { t } from '../language.svelte.ts'
import type { OwnView } from '../state/attendance.ts'

export interface DeviceFault {
  readonly kind: 'microphone' | 'camera'
  readonly text: string
}

export function deviceFaults(own: OwnView): DeviceFault[] {
  const found: DeviceFault[] = []
  const words = {
    camera: { blocked: t('door.camera-blocked'), busy: t('door.camera-busy'), none: t('door.camera-none') },
    microphone: { blocked: t('door.microphone-blocked'), busy: t('door.microphone-busy'), none: t('door.microphone-none') },
  }
  for (const kind of ['camera', 'microphone'] as const) {
    const fault = own.faults[kind]
    if (fault) found.push({ kind, text: words[kind][fault] })
  }
  return found
}
