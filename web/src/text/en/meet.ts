export const meet = {} as const
