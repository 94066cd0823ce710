"""What scores come to among a host's own people: probabilities, calls within the hours, fairness.

None of it asks where the scores came from.
"""
