"""The measurement of the citation checker: true citations from all laws, corrupted ones, speed, and the round trip."""
