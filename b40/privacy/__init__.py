"""What is held about people: shown to them, erased when they ask, and let go of in time."""
