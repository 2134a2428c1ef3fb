"""What all features share: names, numbers, moments, errors."""
