"""What was recorded, read back: events with their evidence, the timeline, signed receipts."""
