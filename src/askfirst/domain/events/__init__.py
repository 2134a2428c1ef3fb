"""Events that go to the systems of a business."""
