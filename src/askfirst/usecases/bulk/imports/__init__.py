"""Files of people: read, reviewed, confirmed and written."""
