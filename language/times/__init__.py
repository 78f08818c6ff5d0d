"""Times in Vietnamese text: days off, points in time, and the spans that questions name."""
