export const habits = {
  // Files, holidays, reminders
} as const
