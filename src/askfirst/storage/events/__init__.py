"""Events that are delivered to the business."""
