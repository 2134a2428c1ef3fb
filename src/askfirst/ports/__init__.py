"""What the use cases need from the world, as contracts that every backend keeps."""
