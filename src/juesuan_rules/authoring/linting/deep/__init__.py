"""`lint --deep`: which linear checks contradict each other, and which follow from others, by exact arithmetic."""
