"""The attendance desk: the grid that is live, the sign sheet, check-in by code, and what sources contradict."""
