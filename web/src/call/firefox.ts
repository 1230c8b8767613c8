/** Where Firefox does otherwise than others and nothing else tells of it. */
export const inFirefox = /\bFirefox\//.test(globalThis.navigator?.userAgent ?? '')
